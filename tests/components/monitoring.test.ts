import { expect } from "chai";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const tags = { CostEnv: "prod", CostService: "sagemaker-triton" };
const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const topicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
const monitoring = (more: object) => ({ monitoring: JSON.stringify({ retentionInDays: 7, ...more }) });

describe("prod's monitoring", () => {
  it("creates the log group before the endpoint, with logs that expire", async () => {
    const plan = await planOf("prod");
    expect(resourceOf(plan, "triton-monitoring-logs").inputs).to.deep.equal({
      name: "/aws/sagemaker/Endpoints/sagemaker-triton-prod",
      retentionInDays: 90,
      tags,
    });
    expect(resourceOf(plan, "triton-server-endpoint").options.dependsOn).to.include("triton-monitoring-logs");
  });

  it("does not allow the role to create the log group, which the program creates", async () => {
    const actionsIn = async (stack: string) =>
      statementsOf(resourceOf(await planOf(stack), "triton-execution-observability").inputs.policy)[0]?.Action;
    const write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
    expect(await actionsIn("prod")).to.deep.equal(write);
    expect(await actionsIn("dev")).to.deep.equal(["logs:CreateLogGroup", ...write]);
  });

  it("creates an alarm for each kind of failure, which notifies the topic when it starts and when it ends", async () => {
    const plan = await planOf("prod");
    const alarms = plan.resources.filter(({ name }) => name.startsWith("triton-monitoring-AllTraffic-"));
    expect(alarms).to.have.length(9);
    for (const { inputs, options } of alarms) {
      expect(inputs).to.deep.include({
        alarmActions: ["${triton-monitoring-topic.arn}"],
        okActions: ["${triton-monitoring-topic.arn}"],
        tags,
      });
      expect(inputs.name).to.match(/^sagemaker-triton-prod-AllTraffic-[a-z0-9-]+$/);
      expect(inputs.alarmDescription).to.match(/^sagemaker-triton-prod, variant AllTraffic: /);
      // A failed release doesn't touch any of them.
      expect(options).to.deep.equal({ deleteBeforeReplace: true, dependsOn: ["triton-server-endpoint"] });
    }
  });

  it("watches this endpoint's variant", async () => {
    const plan = await planOf("prod");
    const dimensions = { EndpointName: "sagemaker-triton-prod", VariantName: "AllTraffic" };
    expect(resourceOf(plan, "triton-monitoring-AllTraffic-no-invocations").inputs).to.deep.include({
      metricQueries: [
        {
          id: "invocations",
          label: "no invocations for 60 minutes",
          returnData: true,
          metric: { namespace: "AWS/SageMaker", metricName: "Invocations", stat: "Sum", period: 3600, dimensions },
        },
      ],
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
    });
    expect(resourceOf(plan, "triton-monitoring-AllTraffic-cpu-utilization").inputs.metricQueries).to.deep.equal([
      {
        id: "watched",
        expression: "used / 4",
        label: "more than 90 % of processors in use on the instances",
        returnData: true,
      },
      {
        id: "used",
        metric: {
          namespace: "/aws/sagemaker/Endpoints",
          metricName: "CPUUtilization",
          stat: "Average",
          period: 300,
          dimensions,
        },
      },
    ]);
  });

  it("lets only this endpoint's alarms publish to the topic, and nobody without TLS", async () => {
    const plan = await planOf("prod");
    expect(resourceOf(plan, "triton-monitoring-topic").inputs).to.deep.equal({
      displayName: "sagemaker-triton-prod",
      tags,
    });
    expect(resourceOf(plan, "triton-monitoring-topic-policy").inputs.arn).to.equal("${triton-monitoring-topic.arn}");
    expect(statementsOf(resourceOf(plan, "triton-monitoring-topic-policy").inputs.policy)).to.deep.equal([
      {
        Sid: "PublishAlarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: "${triton-monitoring-topic.arn}",
        Condition: {
          StringEquals: { "aws:SourceAccount": "${aws.accountId}" },
          ArnLike: {
            "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:${aws.accountId}:alarm:sagemaker-triton-prod-*",
          },
        },
      },
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: "${triton-monitoring-topic.arn}",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("has a dashboard with its own alarms and those that roll a release back, and outputs its URL", async () => {
    const plan = await planOf("prod");
    const { dashboardName, dashboardBody } = resourceOf(plan, "triton-monitoring-dashboard").inputs;
    expect(dashboardName).to.equal("sagemaker-triton-prod-us-east-1");
    const { widgets } = JSON.parse(dashboardBody as string) as { widgets: { properties: { alarms: string[] } }[] };
    const alarms = plan.resources.filter(({ type }) => type.endsWith(":MetricAlarm"));
    expect(widgets[0]?.properties.alarms).to.have.members(alarms.map(({ name }) => `\${${name}.arn}`));
    expect(plan.outputs).to.include({
      dashboardUrl:
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/sagemaker-triton-prod-us-east-1",
      alarmTopicArn: "${triton-monitoring-topic.arn}",
    });
  });
});

describe("monitoring", () => {
  it("notifies an existing topic without creating one", async () => {
    const plan = await planOf("dev", monitoring({ topicArn }));
    expect(plan.resources.filter(({ type }) => type.startsWith("aws:sns"))).to.deep.equal([]);
    expect(resourceOf(plan, "triton-monitoring-AllTraffic-no-invocations").inputs.alarmActions).to.deep.equal([
      topicArn,
    ]);
    expect(plan.outputs.alarmTopicArn).to.equal(topicArn);
  });

  it("subscribes addresses to the topic that it creates", async () => {
    const emailAddresses = ["on-call@example.com", "team@example.com"];
    const plan = await planOf("dev", monitoring({ emailAddresses }));
    for (const endpoint of emailAddresses) {
      expect(resourceOf(plan, `triton-monitoring-${endpoint}`).inputs).to.deep.equal({
        topic: "${triton-monitoring-topic.arn}",
        protocol: "email",
        endpoint,
      });
    }
  });

  it("uses the configured thresholds", async () => {
    const plan = await planOf("dev", monitoring({ alarms: { diskUtilizationPercent: 60 } }));
    expect(resourceOf(plan, "triton-monitoring-AllTraffic-disk-utilization").inputs.threshold).to.equal(60);
  });

  it("watches the GPU of an instance that has one", async () => {
    const plan = await planOf("dev", { ...monitoring({}), instanceType: "ml.g5.xlarge" });
    expect(resourceOf(plan, "triton-monitoring-AllTraffic-gpu-utilization").inputs.threshold).to.equal(95);
  });

  it("watches each of several variants by its own instances, and expects no traffic from a variant with weight 0", async () => {
    const variants = { old: {}, new: { instanceType: "ml.g5.xlarge", initialVariantWeight: 0 } };
    const plan = await planOf("dev", { ...monitoring({}), variants: JSON.stringify(variants) });
    const purposes = (variantName: string) =>
      plan.resources
        .filter(({ name }) => name.startsWith(`triton-monitoring-${variantName}-`))
        .map(({ name }) => name.replace(`triton-monitoring-${variantName}-`, ""));
    expect(purposes("old")).to.include("no-invocations").and.not.include("gpu-utilization");
    expect(purposes("new")).to.include("gpu-utilization").and.not.include("no-invocations");
  });

  it("shows a shadow variant on the dashboard, but has no alarms on it", async () => {
    const shadow = '{"samplingPercentage":20,"instanceType":"ml.r5.xlarge"}';
    const plan = await planOf("dev", { ...monitoring({}), shadow });
    const dashboard = resourceOf(plan, "triton-monitoring-dashboard").inputs.dashboardBody as string;
    const configuration = resourceOf(plan, "triton-server-configuration").inputs;
    const [{ variantName }] = configuration.shadowProductionVariants as [{ variantName: string }];
    expect(dashboard).to.include(`"${variantName}"`);
    expect(plan.resources.filter(({ name }) => name.startsWith(`triton-monitoring-${variantName}`))).to.deep.equal([]);
  });

  it("expects no calls to a variant that is scaled to zero, and no instances of a serverless one", async () => {
    const serverless = '{"memorySizeInMb":2048,"maxConcurrency":5}';
    const plan = await planOf("dev", {
      ...monitoring({}),
      serverless,
      imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton-cpu:26.05-py3",
      instanceType: "",
      initialInstanceCount: "",
    });
    const names = plan.resources.map(({ name }) => name);
    expect(names).to.include("triton-monitoring-AllTraffic-no-invocations");
    expect(names).to.not.include("triton-monitoring-AllTraffic-cpu-utilization");
    const queued = await planOf("dev", {
      ...monitoring({}),
      asyncInference: '{"expirationInDays":7}',
      initialInstanceCount: "",
      autoscaling: '{"minCapacity":0,"maxCapacity":2,"backlogSizePerInstance":5}',
    });
    expect(queued.resources.map(({ name }) => name)).to.not.include("triton-monitoring-AllTraffic-no-invocations");
  });

  it("encrypts logs and topic with the stack's key", async () => {
    const plan = await planOf("dev", { ...monitoring({}), kmsKeyArn });
    expect(resourceOf(plan, "triton-monitoring-logs").inputs.kmsKeyId).to.equal(kmsKeyArn);
    expect(resourceOf(plan, "triton-monitoring-topic").inputs.kmsMasterKeyId).to.equal(kmsKeyArn);
  });

  it("lets this endpoint's alarms use the stack's own key if it encrypts their topic", async () => {
    const keyStatements = async (config: Record<string, string>) =>
      statementsOf(
        resourceOf(await planOf("dev", { createKmsKey: "true", ...config }), "triton-encryption-key").inputs.policy,
      ).slice(2);
    expect(await keyStatements({})).to.deep.equal([]);
    expect(await keyStatements(monitoring({ topicArn }))).to.deep.equal([]);
    expect(await keyStatements(monitoring({}))).to.deep.equal([
      {
        Sid: "PublishAlarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: {
          StringEquals: { "aws:SourceAccount": "${aws.accountId}" },
          ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:${aws.accountId}:alarm:sagemaker-triton-dev-*" },
        },
      },
    ]);
  });

  it("is absent if it isn't set", async () => {
    const plan = await planOf("dev");
    expect(plan.resources.filter(({ type }) => /cloudwatch|sns/.test(type))).to.deep.equal([]);
    expect(plan.outputs).to.include({ dashboardUrl: "", alarmTopicArn: "" });
  });
});
