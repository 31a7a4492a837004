import type { MetricAlarm, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { ask, pagesOf, type AwsClients } from "./connection.ts";

/**
 * Points the alarms that trigger a scaling policy to its replacement: a recreated policy has a new ARN, and the alarms
 * would keep triggering the old one, which no longer exists.
 *
 * @param clients the services
 * @param from the old policy's ARN
 * @param to the new policy's ARN
 * @throws AwsError if CloudWatch refuses
 */
export async function redirectAlarms({ cloudwatch }: AwsClients, from: string, to: string): Promise<void> {
  if (from === to) return;
  const { paginateDescribeAlarms, PutMetricAlarmCommand } = await import("@aws-sdk/client-cloudwatch");
  const alarms = await ask(`DescribeAlarms of ${from}`, async () => {
    const found: MetricAlarm[] = [];
    for await (const page of pagesOf(paginateDescribeAlarms({ client: cloudwatch }, { ActionPrefix: from }))) {
      for (const alarm of page.MetricAlarms ?? []) found.push(alarm);
    }
    return found;
  });
  for (const alarm of alarms) {
    await ask(`PutMetricAlarm ${alarm.AlarmName ?? ""}`, () =>
      cloudwatch.send(new PutMetricAlarmCommand(redirected(alarm, from, to))),
    );
  }
}

/** The fields of an alarm's description that PutMetricAlarm doesn't accept. */
const described = [
  "AlarmArn",
  "AlarmConfigurationUpdatedTimestamp",
  "StateValue",
  "StateReason",
  "StateReasonData",
  "StateUpdatedTimestamp",
  "StateTransitionedTimestamp",
  "EvaluationState",
];

function redirected(alarm: MetricAlarm, from: string, to: string): PutMetricAlarmCommandInput {
  const inputs = Object.fromEntries(Object.entries(alarm).filter(([key]) => !described.includes(key)));
  const redirect = (actions: string[] = []) => actions.map((action) => (action === from ? to : action));
  return {
    ...(inputs as Omit<PutMetricAlarmCommandInput, "AlarmName">),
    AlarmName: alarm.AlarmName,
    AlarmActions: redirect(alarm.AlarmActions),
    OKActions: redirect(alarm.OKActions),
    InsufficientDataActions: redirect(alarm.InsufficientDataActions),
  };
}
