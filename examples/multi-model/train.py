"""Trains the penguin classifiers in this folder, one for each set of measurements, and writes all that they serve from.

    pip install --no-deps -r examples/penguins/requirements.txt
    python examples/multi-model/train.py

Nothing here is random: the same data give the same files, byte for byte. The script ends with a check of the files it
wrote and exits 1 when they do not tell the held-out penguins apart.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent

# How each repository's penguins were measured.
REPOSITORIES = {
    "with-body-mass": ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"),
    "without-body-mass": ("bill_length_mm", "bill_depth_mm", "flipper_length_mm"),
}

LOWEST_ACCURACY = 0.95


def main():
    """Trains each classifier on four fifths of the penguins, writes its files and tells how the last fifth fares."""
    measurements, labels = penguins.load_penguins()
    species = sorted(set(labels))
    targets = np.array([species.index(label) for label in labels])
    # The penguins come ordered by species and year, so every fifth is a fair sample of both.
    held_out = np.arange(len(targets)) % 5 == 4
    examples = [int(np.flatnonzero(held_out & (targets == label))[0]) for label in range(len(species))]

    for repository, names in REPOSITORIES.items():
        model = HERE / repository / "penguins"
        columns = measurements[:, [penguins.MEASUREMENTS.index(name) for name in names]]
        trained = train(columns[~held_out], targets[~held_out])
        penguins.write_json(model / "1" / "weights.json", {"measurements": names, "species": species, **trained})
        write_example(model, columns[examples])

        accuracy = (classify(model, columns[held_out]).argmax(axis=1) == targets[held_out]).mean()
        print(f"{repository}: accuracy on the {held_out.sum()} held-out penguins {accuracy:.1%}")
        if accuracy < LOWEST_ACCURACY:
            sys.exit(f"The accuracy is below {LOWEST_ACCURACY:.0%}: these files are not fit to be served.")


def train(measurements, targets):
    """Fits softmax regression to the standardised measurements and returns what it learned."""
    means, standard_deviations = measurements.mean(axis=0), measurements.std(axis=0)
    weights, biases = penguins.fit((measurements - means) / standard_deviations, targets)
    learned = {"means": means, "standard_deviations": standard_deviations, "weights": weights, "biases": biases}
    # Six decimals are the same on every machine; the last bits of a float are not.
    return {name: values.round(6).tolist() for name, values in learned.items()}


def write_example(model, measurements):
    """Writes an inference request for some penguins and the answer that Triton should give."""
    trained = json.loads((model / "1" / "weights.json").read_text(encoding="utf-8"))
    columns = zip(trained["measurements"], measurements.T.tolist(), strict=True)
    inputs = [penguins.tensor(name, "FP32", [len(data), 1], data) for name, data in columns]
    probabilities = classify(model, measurements)
    told = [trained["species"][best] for best in probabilities.argmax(axis=1)]
    shape = list(probabilities.shape)
    outputs = [
        penguins.tensor("probabilities", "FP32", shape, probabilities.round(4).flatten().tolist()),
        penguins.tensor("species", "BYTES", [len(told), 1], told),
    ]
    penguins.write_json(model / "request.json", {"inputs": inputs})
    penguins.write_json(
        model / "response.json", {"model_name": "penguins", "model_version": "1", "outputs": outputs}
    )


def classify(model, measurements):
    """Returns each penguin's probability of each species, from the file as it was written."""
    trained = json.loads((model / "1" / "weights.json").read_text(encoding="utf-8"))
    features = (measurements - np.array(trained["means"])) / np.array(trained["standard_deviations"])
    return penguins.softmax(features @ np.array(trained["weights"]) + np.array(trained["biases"]))


def module_at(file):
    """Returns the module in a Python file."""
    specification = importlib.util.spec_from_file_location("penguins", file)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


# The data and the arithmetic are those of the single example.
penguins = module_at(HERE.parent / "penguins" / "train.py")

if __name__ == "__main__":
    main()
