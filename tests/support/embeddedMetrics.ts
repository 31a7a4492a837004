import * as z from "zod";
import schema from "./embeddedMetricFormat.schema.json" with { type: "json" };

const document = z.fromJSONSchema(schema as unknown as Parameters<typeof z.fromJSONSchema>[0]);

/** A line of CloudWatch's Embedded Metric Format. */
export interface MetricLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly {
        readonly Name: string;
        readonly Unit: string;
        readonly StorageResolution?: number;
      }[];
    }[];
  };
  readonly [member: string]: unknown;
}

/**
 * Reads a line as CloudWatch Logs does.
 *
 * @throws Error if it isn't in the format: its schema, the members that it refers to, or its size
 */
export function readMetricLine(line: string): MetricLine {
  if (Buffer.byteLength(line) > 2 ** 20) throw new Error("the line has more than 1 MiB");
  const read = document.parse(JSON.parse(line)) as MetricLine;
  for (const { Dimensions, Metrics } of read._aws.CloudWatchMetrics) {
    for (const name of Dimensions.flat()) {
      const { [name]: value } = read;
      if (typeof value !== "string" || !/^(?=.*\S)[ -~]{1,1024}$/.test(value))
        throw new Error(`${name} is no dimension`);
    }
    for (const { Name } of Metrics) {
      const values = [read[Name]].flat();
      if (values.length > 100 || !values.every((value) => typeof value === "number")) {
        throw new Error(`${Name} is neither a number nor an array of up to 100`);
      }
    }
  }
  return read;
}
