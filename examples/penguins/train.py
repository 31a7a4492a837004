"""Trains the penguin classifier in models/ and writes all that it serves from.

    pip install --no-deps -r examples/penguins/requirements.txt
    python examples/penguins/train.py

Nothing here is random: the same data give the same files, byte for byte. The script ends with a check of the files it
wrote and exits 1 when they do not tell the held-out penguins apart.
"""

import csv
import importlib.util
import json
import re
import sys
from pathlib import Path

import numpy as np

MEASUREMENTS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")

# A penalty on large weights: the species are all but separable, and without it the weights would grow for ever.
REGULARISATION = 0.01
LEARNING_RATE = 0.5
STEPS = 5000

LOWEST_ACCURACY = 0.95

MODELS = Path(__file__).resolve().parents[2] / "models"
STATISTICS_FILE = MODELS / "penguins_preprocessing" / "1" / "statistics.json"
WEIGHTS_FILE = MODELS / "penguins_classifier" / "1" / "weights.json"
REQUEST_FILE = MODELS / "penguins" / "request.json"
RESPONSE_FILE = MODELS / "penguins" / "response.json"


def main():
    """Trains on four fifths of the penguins, writes the files and reports how the last fifth fares with them."""
    measurements, labels = load_penguins()
    species = sorted(set(labels))
    targets = np.array([species.index(label) for label in labels])

    # The penguins come ordered by species and year, so every fifth is a fair sample of both.
    held_out = np.arange(len(targets)) % 5 == 4
    train(measurements[~held_out], targets[~held_out], species)
    examples = [int(np.flatnonzero(held_out & (targets == label))[0]) for label in range(len(species))]
    write_example(measurements[examples], species)

    print(f"{(~held_out).sum()} penguins to train on, {held_out.sum()} held out")
    predictions = classify(measurements[held_out]).argmax(axis=1)
    print_confusion(targets[held_out], predictions, species)
    accuracy = (predictions == targets[held_out]).mean()
    print(f"accuracy on the held-out penguins: {accuracy:.1%}")
    for file in (STATISTICS_FILE, WEIGHTS_FILE, REQUEST_FILE, RESPONSE_FILE):
        print(f"wrote {file.relative_to(MODELS.parent).as_posix()} ({file.stat().st_size} bytes)")

    if accuracy < LOWEST_ACCURACY:
        sys.exit(f"The accuracy is below {LOWEST_ACCURACY:.0%}: these files are not fit to be served.")
    answers = json.loads(RESPONSE_FILE.read_text(encoding="utf-8"))["outputs"]
    told = next(output["data"] for output in answers if output["name"] == "species")
    if told != species:
        sys.exit(f"The example should answer {', '.join(species)}, but answers {', '.join(told)}.")


def load_penguins():
    """Returns a [penguins, measurements] array and the species of each penguin that was measured."""
    # The data lie in the package as a CSV file; importing the package would need pandas.
    package = importlib.util.find_spec("palmerpenguins")
    if package is None:
        sys.exit("The data are missing: pip install --no-deps -r examples/penguins/requirements.txt")
    file = Path(package.submodule_search_locations[0]) / "data" / "penguins.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        # Two penguins were never measured: all four columns are NA.
        penguins = [row for row in csv.DictReader(lines) if all(row[name] != "NA" for name in MEASUREMENTS)]
    measurements = np.array([[float(penguin[name]) for name in MEASUREMENTS] for penguin in penguins])
    return measurements, [penguin["species"] for penguin in penguins]


def train(measurements, targets, species):
    """Fits softmax regression to the standardised measurements and writes statistics and weights."""
    means, standard_deviations = measurements.mean(axis=0), measurements.std(axis=0)
    weights, biases = fit((measurements - means) / standard_deviations, targets)

    # Six decimals are the same on every machine; the last bits of a float are not.
    statistics = {
        name: {"mean": round(mean, 6), "standard_deviation": round(deviation, 6)}
        for name, mean, deviation in zip(MEASUREMENTS, means.tolist(), standard_deviations.tolist(), strict=True)
    }
    write_json(STATISTICS_FILE, statistics)
    trained = {"species": species, "weights": weights.round(6).tolist(), "biases": biases.round(6).tolist()}
    write_json(WEIGHTS_FILE, trained)


def fit(features, targets):
    """Returns the weights and biases of softmax regression."""
    expected = np.eye(targets.max() + 1)[targets]
    weights, biases = np.zeros((features.shape[1], expected.shape[1])), np.zeros(expected.shape[1])
    # The loss is convex, so gradient descent over all penguins at once reaches its one lowest point from anywhere.
    for _ in range(STEPS):
        errors = (softmax(features @ weights + biases) - expected) / len(targets)
        weights -= LEARNING_RATE * (features.T @ errors + REGULARISATION * weights)
        biases -= LEARNING_RATE * errors.sum(axis=0)
    return weights, biases


def write_example(measurements, species):
    """Writes an inference request for some penguins and the answer that Triton should give."""
    columns = zip(MEASUREMENTS, measurements.T.tolist(), strict=True)
    write_json(REQUEST_FILE, {"inputs": [tensor(name, "FP32", [len(data), 1], data) for name, data in columns]})
    probabilities = classify(measurements)
    told = [species[best] for best in probabilities.argmax(axis=1)]
    answer = {
        "model_name": "penguins",
        "model_version": "1",
        "outputs": [
            tensor("probabilities", "FP32", list(probabilities.shape), probabilities.round(4).flatten().tolist()),
            tensor("species", "BYTES", [len(told), 1], told),
        ],
    }
    write_json(RESPONSE_FILE, answer)


def classify(measurements):
    """Returns each penguin's probability of each species, from the files as they were written."""
    statistics = json.loads(STATISTICS_FILE.read_text(encoding="utf-8")).values()
    trained = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    means = np.array([entry["mean"] for entry in statistics])
    features = (measurements - means) / np.array([entry["standard_deviation"] for entry in statistics])
    return softmax(features @ np.array(trained["weights"]) + np.array(trained["biases"]))


def softmax(scores):
    """Turns each row of scores into probabilities that add up to 1."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def print_confusion(targets, predictions, species):
    """Prints how many held-out penguins of each species (rows) were taken for which (columns)."""
    width = max(map(len, species)) + 2
    print("taken for".ljust(width) + "".join(name.rjust(width) for name in species))
    for row, name in enumerate(species):
        counts = [((targets == row) & (predictions == column)).sum() for column in range(len(species))]
        print(name.ljust(width) + "".join(str(count).rjust(width) for count in counts))


def tensor(name, datatype, shape, data):
    """Returns a tensor as the KServe v2 inference protocol writes it."""
    return {"name": name, "datatype": datatype, "shape": shape, "data": data}


def write_json(file, value):
    """Writes JSON that a person can read: indented, with the innermost lists on one line."""
    indented = json.dumps(value, indent=2)
    text = re.sub(r"\[[^][{}]*\]", lambda match: json.dumps(json.loads(match.group())), indented)
    file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
