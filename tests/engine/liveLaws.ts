import type { AwsClients } from "../../releases/connection.ts";
import type { Cloud, CloudResource, Operation } from "./cloud.ts";
import { modelProblems } from "./readability.ts";
import { servedEndpoints, servingProblems, type ServedEndpoint } from "./served.ts";
import { types } from "./types.ts";

/**
 * Watches a run: after each operation whatever serves must go on serving and be able to start another instance. What is against that is written down in the cloud.
 *
 * @param aws the emulator
 * @param cloud everything else
 * @param destroying whether the run is to delete everything, so that an endpoint may go
 * @returns what is to be called after each operation
 */
export async function watchLaws(
  aws: AwsClients,
  cloud: Cloud,
  destroying: boolean,
): Promise<(operation: Operation) => Promise<void>> {
  const first = await look(aws, cloud);
  const known = new Set(first.problems);
  return async (operation) => {
    const says = (problem: string) => {
      const sentence = `${operation.kind} of ${operation.name}: ${problem}`;
      if (!cloud.violations.includes(sentence)) cloud.violations.push(sentence);
    };
    const { endpoints, problems } = await look(aws, cloud);
    for (const problem of problems) {
      if (!known.has(problem)) says(problem);
      known.add(problem);
    }
    if (destroying) return;
    if (operation.kind === "delete" && operation.type === types.logGroup && operation.error === undefined) {
      const owner = first.endpoints.find(({ name }) => operation.id === `/aws/sagemaker/Endpoints/${name}`);
      if (owner) says(`the logs of ${owner.name} are gone`);
    }
    if (first.endpoints.length > 0 && endpoints.length === 0) says("no endpoint is left");
  };
}

/** The endpoints, and what keeps them from serving. */
async function look(aws: AwsClients, cloud: Cloud): Promise<{ endpoints: ServedEndpoint[]; problems: string[] }> {
  const endpoints = await servedEndpoints(aws, cloud);
  const problems = await Promise.all(endpoints.map((endpoint) => servingProblems(aws, cloud, endpoint)));
  return { endpoints, problems: problems.flat() };
}

/**
 * What keeps Models from being served again.
 *
 * @param cloud where they are
 * @param models the Models
 * @returns a sentence for each
 */
export function keptProblems(cloud: Cloud, models: readonly CloudResource[]): string[] {
  return models.flatMap((model) =>
    cloud.get(types.model, model.id) ? [...modelProblems(cloud, model)] : [`the kept Model ${model.id} is gone`],
  );
}
