/**
 * Explains why a part of what an endpoint serves stays.
 *
 * @param part the part, for example `the Model triton-server-model-1a2b3c4`
 * @param endpointName the endpoint
 * @param stack the stack's name
 */
export function servedProblem(part: string, endpointName: string, stack: string): string {
  return `${part} isn't deleted, because the endpoint ${endpointName} serves with it: let the endpoint move first, by npm run up -- --stack ${stack} without --target, --exclude and --replace`;
}

/**
 * Explains why an object isn't replaced by itself.
 *
 * @param url `s3://<bucket>/<key>`
 * @param stack the stack's name
 */
export function replacedObjectProblem(url: string, stack: string): string {
  return `the model data ${url} isn't replaced, because the new object has the same key and would be deleted with the old one: npm run up -- --stack ${stack} without --replace (after pulumi state taint: pulumi state untaint)`;
}

/**
 * Explains why a resource stays while nobody knows what the endpoint serves.
 *
 * @param resource the resource
 * @param endpointName the endpoint
 * @param reason why it can't be asked
 * @param stack the stack's name
 */
export function unknownProblem(resource: string, endpointName: string, reason: string, stack: string): string {
  return `${resource} isn't deleted, because the endpoint ${endpointName} may serve with it and can't be asked (${reason}). Once it can: npm run up -- --stack ${stack}`;
}

/**
 * Explains why a Model stays that the settings name.
 *
 * @param modelName the Model
 */
export function modelNameProblem(modelName: string): string {
  return `modelName ${modelName}: can't be used, because the stack created this Model without keepReleases and would delete it while the endpoint serves it: remove modelName, set keepReleases and update, then set modelName`;
}

/**
 * Explains why an endpoint that serves stays.
 *
 * @param endpointName the endpoint
 * @param planned whether the settings name it
 * @param successor the endpoint that is to replace it
 * @param stack the stack's name
 */
export function endpointDeletionProblem(
  endpointName: string,
  planned: boolean,
  successor: string | undefined,
  stack: string,
): string {
  const kept = `the endpoint ${endpointName} isn't deleted, because it serves and its callers would get errors`;
  if (successor !== undefined && !planned) {
    return `${kept}, while the endpoint ${successor} that replaces it isn't in service: once it is, npm run up -- --stack ${stack}`;
  }
  return `${kept}: leave out --replace (after pulumi state taint: pulumi state untaint), set another endpointName with replaceEndpoint ${endpointName}, or delete the whole stack with npm run destroy -- --stack ${stack}`;
}
