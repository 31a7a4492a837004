import type { InvokeEndpointCommandInput } from "@aws-sdk/client-sagemaker-runtime";
import { boundAnswers } from "../releases/boundedClient.ts";
import { endpointLimit } from "./answerLimits.ts";
import { explainAwsError } from "./awsErrors.ts";
import { awsSettings, patience } from "./awsSettings.ts";
import type { Invocation, Sender, SenderOptions } from "./invocation.ts";
import { InvocationError } from "./invocationError.ts";
import type { EndpointTarget } from "./target.ts";

/**
 * Makes a sender for an endpoint that signs with the user's own credentials. AWS's package is loaded only here.
 *
 * @param target the endpoint
 * @param options timeout, connections and retries
 */
export async function sagemakerSender(target: EndpointTarget, options: SenderOptions = {}): Promise<Sender> {
  const { InvokeEndpointCommand, InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } =
    await import("@aws-sdk/client-sagemaker-runtime");
  const client = boundAnswers(new SageMakerRuntimeClient(awsSettings(target, options)), {
    limit: endpointLimit,
    milliseconds: patience(options.timeoutInSeconds),
  });
  const explained = (error: unknown) => explainAwsError(error, target, options.timeoutInSeconds);
  return {
    send: async (invocation) => {
      try {
        const { Body, ContentType, InvokedProductionVariant } = await client.send(
          new InvokeEndpointCommand(commandInput(target, invocation)),
        );
        return {
          body: Body,
          contentType: ContentType ?? "",
          ...(InvokedProductionVariant !== undefined && { variant: InvokedProductionVariant }),
        };
      } catch (error) {
        throw explained(error);
      }
    },
    stream: async function* (invocation) {
      try {
        const { Body } = await client.send(
          new InvokeEndpointWithResponseStreamCommand(commandInput(target, invocation)),
        );
        for await (const event of Body ?? []) {
          if (event.PayloadPart) yield event.PayloadPart.Bytes ?? new Uint8Array();
          else throw brokenOff(event.ModelStreamError ?? event.InternalStreamFailure);
        }
      } catch (error) {
        throw explained(error);
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

function commandInput({ endpointName }: EndpointTarget, invocation: Invocation): InvokeEndpointCommandInput {
  const { body, contentType, targetModel, targetVariant, inferenceId, sessionId, customAttributes } = invocation;
  return {
    EndpointName: endpointName,
    Body: body,
    ContentType: contentType,
    TargetModel: targetModel,
    TargetVariant: targetVariant,
    InferenceId: inferenceId,
    SessionId: sessionId,
    CustomAttributes: customAttributes,
  };
}

function brokenOff(failure: Error | undefined): InvocationError {
  return new InvocationError(
    "model failed",
    `the answer was cut off: ${failure?.message ?? "no reason given"}`,
    failure,
  );
}
