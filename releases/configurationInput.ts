import type { CreateEndpointConfigCommandInput } from "@aws-sdk/client-sagemaker";

/**
 * The input with which SageMaker creates an endpoint configuration again.
 *
 * @param outputs the configuration in the stack's state, in the provider's words
 */
export function configurationInput(outputs: Readonly<Record<string, unknown>>): CreateEndpointConfigCommandInput {
  const { name, tags, kmsKeyArn } = outputs;
  const described = Object.fromEntries(Object.entries(outputs).filter(([key]) => !notInput.includes(key)));
  return {
    ...(inAwsWords(described) as Omit<CreateEndpointConfigCommandInput, "EndpointConfigName">),
    EndpointConfigName: name as string,
    ...(typeof kmsKeyArn === "string" && kmsKeyArn !== "" && { KmsKeyId: kmsKeyArn }),
    Tags: Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value })),
  };
}

const notInput = ["arn", "id", "kmsKeyArn", "name", "namePrefix", "region", "tags", "tagsAll"];

/** AWS's names of the fields that the provider doesn't merely write in camel case. */
const awsWords: Readonly<Record<string, string>> = {
  enableSsmAccess: "EnableSSMAccess",
  memorySizeInMb: "MemorySizeInMB",
  routingConfigs: "RoutingConfig",
  volumeSizeInGb: "VolumeSizeInGB",
};

/** The provider's state has empty strings, lists and zeros for what was never set; only these may really be zero. */
const mayBeZero = /Weight$|Percentage$/;

function inAwsWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inAwsWords);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const word = awsWords[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
      const given = inAwsWords(key === "routingConfigs" && Array.isArray(inner) ? (inner[0] as unknown) : inner);
      return isEmpty(given) && !(given === 0 && mayBeZero.test(key)) ? [] : [[word, given]];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
