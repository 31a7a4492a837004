import type { IncomingHttpHeaders } from "node:http";
import { validationError } from "./apiError.ts";
import type { ServedVariant } from "./variants.ts";

const name = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const printable = /^\S[\x20-\x7e]*$/;

/**
 * The parameters that travel in headers: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
const parameters: Readonly<
  Record<string, { readonly parameter: string; readonly most: number; readonly form: RegExp }>
> = {
  "x-amzn-sagemaker-custom-attributes": { parameter: "customAttributes", most: 1024, form: /^\p{ASCII}*$/u },
  "x-amzn-sagemaker-target-model": { parameter: "targetModel", most: 1024, form: printable },
  "x-amzn-sagemaker-target-variant": { parameter: "targetVariant", most: 63, form: name },
  "x-amzn-sagemaker-inference-id": { parameter: "inferenceId", most: 64, form: printable },
  "x-amzn-sagemaker-session-id": {
    parameter: "sessionId",
    most: 256,
    form: /^NEW_SESSION$|^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
  },
};

/** Parameters for features that no endpoint of this program has. */
const unknown: Readonly<Record<string, string>> = {
  "x-amzn-sagemaker-inference-component": "InferenceComponentName: this endpoint has no inference components",
  "x-amzn-sagemaker-target-container-hostname": "TargetContainerHostname: this endpoint's models have one container",
  "x-amzn-sagemaker-enable-explanations": "EnableExplanations: this endpoint has no explainer",
};

/**
 * Refuses the parameters that SageMaker would refuse.
 *
 * @throws ApiError that names all of them
 */
export function checkHeaders(headers: IncomingHttpHeaders): void {
  const problems = Object.entries(parameters).flatMap(([header, { parameter, most, form }]) => {
    const value = headers[header];
    if (value === undefined) return [];
    const problem =
      value.length > most
        ? `Member must have length less than or equal to ${most}`
        : !form.test(String(value)) && `Member must satisfy regular expression pattern: ${form.source}`;
    return problem === false ? [] : [`Value at '${parameter}' failed to satisfy constraint: ${problem}`];
  });
  const [count, s] = [problems.length, problems.length === 1 ? "" : "s"];
  if (count > 0) throw validationError(`${count} validation error${s} detected: ${problems.join("; ")}`);
  for (const [header, message] of Object.entries(unknown)) {
    if (headers[header] !== undefined) throw validationError(message);
  }
}

/**
 * Refuses a request that names a target model although there is one model, or none although there are many.
 *
 * @throws ApiError
 */
export function checkTargetModel(
  headers: IncomingHttpHeaders,
  { multiModel }: ServedVariant,
  endpointName: string,
): void {
  const named = headers["x-amzn-sagemaker-target-model"] !== undefined;
  if (named && !multiModel) {
    throw validationError(`TargetModel can't be used, because ${endpointName} is not a multi-model endpoint`);
  }
  if (!named && multiModel) throw validationError(`TargetModel is missing: ${endpointName} is a multi-model endpoint`);
}
