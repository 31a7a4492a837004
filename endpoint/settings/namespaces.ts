import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "../../text/nearest.ts";
import { shown } from "../problem.ts";
import { givenRegion, regionProblem } from "../../sagemaker/region.ts";

/** The namespaces that Pulumi and this program's providers read. */
const otherNamespaces = ["aws", "awsx", "aws-native", "docker", "pulumi"];

/**
 * Finds problems in a configuration outside the project's own settings: a mistyped namespace, whose settings would
 * silently have no effect, and a region that doesn't exist, wherever it is set.
 *
 * @param config the whole configuration, by namespaced keys
 * @returns one line for each problem
 */
export function configurationProblems(config: Readonly<Partial<Record<string, string>>>): string[] {
  const known = [pulumi.getProject(), ...otherNamespaces];
  const lines = Object.keys(config).flatMap((key) => {
    const [namespace = "", ...rest] = key.split(":");
    if (known.includes(namespace)) return [];
    const nearest = closest(namespace, known);
    // Other providers have their own namespaces, but one similar to ours is probably a typo.
    const slip = distance(namespace, nearest) <= Math.max(2, namespace.length / 5);
    return slip ? [`${key}: is in an unknown namespace: did you mean ${nearest}:${rest.join(":")}?`] : [];
  });
  return [...lines, ...regionProblems(config)];
}

/**
 * Finds a problem with the region, whether the configuration or the environment sets it.
 *
 * @param config the whole configuration, by namespaced keys
 * @returns no line, or one
 */
export function regionProblems(config: Readonly<Partial<Record<string, string>>>): string[] {
  const given = config["aws:skipRegionValidation"] === "true" ? undefined : givenRegion(config);
  const problem = given && regionProblem(given.region);
  return given && problem !== undefined ? [`${given.key} ${shown(given.region)}: ${problem}`] : [];
}
