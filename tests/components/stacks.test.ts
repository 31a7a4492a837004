import { expect } from "chai";
import type { Plan } from "../../preview/plan.ts";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

/** The differences between the two stacks, by resource and input. */
const stacks = {
  dev: { survives: false, tagMutability: "MUTABLE", instanceType: "ml.m5.large", initialInstanceCount: 1, tagged: 7 },
  prod: {
    survives: true,
    tagMutability: "IMMUTABLE",
    instanceType: "ml.r5.xlarge",
    initialInstanceCount: 2,
    tagged: 23,
  },
} as const;

/** What prod has in addition to everything in dev. */
const onlyProd = [
  "triton sagemaker-triton:index:AccessLogging triton-access-logging",
  "triton-access-logging aws:s3/bucket:Bucket triton-access-logging-bucket",
  "triton-access-logging aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock triton-access-logging-public-access",
  "triton-access-logging aws:s3/bucketOwnershipControls:BucketOwnershipControls triton-access-logging-ownership",
  "triton-access-logging aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration triton-access-logging-encryption",
  "triton-access-logging aws:s3/bucketVersioning:BucketVersioning triton-access-logging-versioning",
  "triton-access-logging aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration triton-access-logging-lifecycle",
  "triton-access-logging aws:s3/bucketPolicy:BucketPolicy triton-access-logging-policy",
  "triton-access-logging aws:s3/bucketLogging:BucketLogging triton-access-logging-logging",
  "triton sagemaker-triton:index:Rollout triton-rollout",
  "triton-rollout aws:cloudwatch/metricAlarm:MetricAlarm triton-rollout-invocation-5xx-errors",
  "triton-rollout aws:cloudwatch/metricAlarm:MetricAlarm triton-rollout-invocation-model-errors",
  "triton-rollout aws:cloudwatch/metricAlarm:MetricAlarm triton-rollout-model-latency",
  "triton-execution aws:iam/rolePolicy:RolePolicy triton-execution-rollback",
  "triton sagemaker-triton:index:Autoscaling triton-autoscaling",
  "triton-autoscaling aws:appautoscaling/target:Target triton-autoscaling-target",
  "triton-autoscaling aws:appautoscaling/policy:Policy triton-autoscaling-policy",
  "triton sagemaker-triton:index:Monitoring triton-monitoring",
  "triton-monitoring aws:cloudwatch/logGroup:LogGroup triton-monitoring-logs",
  "triton-monitoring aws:sns/topic:Topic triton-monitoring-topic",
  "triton-monitoring aws:sns/topicPolicy:TopicPolicy triton-monitoring-topic-policy",
  ...[
    "invocation-5xx-errors",
    "invocation-4xx-errors",
    "model-latency-p50",
    "model-latency-p99",
    "overhead-latency",
    "cpu-utilization",
    "memory-utilization",
    "disk-utilization",
    "no-invocations",
  ].map(
    (purpose) => `triton-monitoring aws:cloudwatch/metricAlarm:MetricAlarm triton-monitoring-AllTraffic-${purpose}`,
  ),
  "triton-monitoring aws:cloudwatch/dashboard:Dashboard triton-monitoring-dashboard",
  "triton-execution aws:iam/rolePolicy:RolePolicy triton-execution-data-capture",
];

for (const [stack, expected] of Object.entries(stacks)) {
  describe(`the ${stack} stack`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planOf(stack);
    });

    const inputsOf = (name: string) => resourceOf(plan, name).inputs;
    const optionsOf = (name: string) => resourceOf(plan, name).options;

    it("registers the expected resources, each in its component", () => {
      expect(
        plan.resources.map(({ type, name, parent }) => [parent ?? "", type, name].join(" ").trim()),
      ).to.have.members([
        "sagemaker-triton:index:TritonEndpoint triton",
        "triton sagemaker-triton:index:ModelStorage triton-storage",
        "triton-storage aws:s3/bucket:Bucket triton-storage-bucket",
        "triton-storage aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock triton-storage-public-access",
        "triton-storage aws:s3/bucketOwnershipControls:BucketOwnershipControls triton-storage-ownership",
        "triton-storage aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration triton-storage-encryption",
        "triton-storage aws:s3/bucketVersioning:BucketVersioning triton-storage-versioning",
        "triton-storage aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration triton-storage-lifecycle",
        "triton-storage aws:s3/bucketPolicy:BucketPolicy triton-storage-policy",
        "triton-storage aws:s3/bucketObjectv2:BucketObjectv2 triton-storage-model",
        "triton sagemaker-triton:index:ImageRegistry triton-registry",
        "triton-registry aws:ecr/repository:Repository triton-registry-repository",
        "triton-registry aws:ecr/lifecyclePolicy:LifecyclePolicy triton-registry-lifecycle",
        "triton-registry pulumi:providers:docker triton-registry-docker",
        "triton-registry docker:index/remoteImage:RemoteImage triton-registry-upstream",
        "triton-registry docker:index/tag:Tag triton-registry-tag",
        "triton-registry docker:index/registryImage:RegistryImage triton-registry-image",
        "triton sagemaker-triton:index:ExecutionRole triton-execution",
        "triton-execution aws:iam/role:Role triton-execution-role",
        "triton-execution aws:iam/rolePolicy:RolePolicy triton-execution-model-data",
        "triton-execution aws:iam/rolePolicy:RolePolicy triton-execution-image",
        "triton-execution aws:iam/rolePolicy:RolePolicy triton-execution-observability",
        "triton sagemaker-triton:index:ModelServer triton-server",
        "triton-server aws:sagemaker/model:Model triton-server-model",
        "triton-server aws:sagemaker/endpointConfiguration:EndpointConfiguration triton-server-configuration",
        "triton-server aws:sagemaker/endpoint:Endpoint triton-server-endpoint",
        ...(stack === "prod" ? onlyProd : []),
      ]);
    });

    it("tags every taggable resource with CostEnv and CostService", () => {
      const taggable =
        /:(Bucket|BucketObjectv2|Repository|Role|Model|EndpointConfiguration|Endpoint|MetricAlarm|LogGroup|Topic|Target)$/;
      const tagged = plan.resources.filter(({ type }) => taggable.test(type));
      expect(tagged).to.have.length(expected.tagged);
      for (const { name, inputs } of tagged) {
        expect(inputs.tags, name).to.deep.equal({ CostEnv: stack, CostService: "sagemaker-triton" });
      }
    });

    it(`${expected.survives ? "keeps" : "empties and deletes"} bucket and repository when it is destroyed`, () => {
      expect(inputsOf("triton-storage-bucket")).to.include({ forceDestroy: !expected.survives });
      expect(inputsOf("triton-registry-repository")).to.include({ forceDelete: !expected.survives });
      expect(optionsOf("triton-storage-bucket").protect ?? false).to.equal(expected.survives);
      for (const name of ["triton-storage-bucket", "triton-registry-repository"]) {
        expect(optionsOf(name), name).to.include({ retainOnDelete: expected.survives });
      }
    });

    it("never deletes what closes its bucket: that goes with the bucket", () => {
      for (const wall of ["public-access", "ownership", "encryption", "versioning", "lifecycle", "policy"]) {
        expect(optionsOf(`triton-storage-${wall}`), wall).to.include({ retainOnDelete: true });
      }
      expect(optionsOf("triton-registry-lifecycle")).to.include({ retainOnDelete: true });
    });

    it(`${expected.survives ? "protects" : "does not protect"} the endpoint, and nothing that a release replaces`, () => {
      expect(optionsOf("triton-server-endpoint").protect ?? false).to.equal(expected.survives);
      for (const name of ["triton-storage-model", "triton-server-model", "triton-server-configuration"]) {
        expect(optionsOf(name).protect, name).to.not.equal(true);
      }
    });

    it("checks the endpoint before and after each release, and when one fails", () => {
      const hooks = ["beforeCreate", "afterCreate", "beforeUpdate", "afterUpdate", "onError", "beforeDelete"];
      expect(optionsOf("triton-server-endpoint").hooks).to.have.members(hooks);
    });

    it("asks the endpoint before the engine deletes any part of what it serves", () => {
      const parts =
        /:(Endpoint|EndpointConfiguration|Model|BucketObjectv2|Bucket|BucketPolicy|Repository|RegistryImage|Role|RolePolicy|LogGroup)$/;
      for (const { name, options } of plan.resources.filter(({ type }) => parts.test(type))) {
        expect(options.hooks?.includes("beforeDelete") ?? false, name).to.equal(!options.retainOnDelete);
      }
    });

    it(`${expected.survives ? "keeps" : "clears away"} earlier releases`, () => {
      for (const name of ["triton-storage-model", "triton-server-model", "triton-server-configuration"]) {
        expect(optionsOf(name), name).to.include({ retainOnDelete: expected.survives });
      }
    });

    it("blocks public access to the bucket in all four ways", () => {
      expect(inputsOf("triton-storage-public-access")).to.deep.equal({
        bucket: "${triton-storage-bucket.bucket}",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    });

    it("encrypts, versions and owns the bucket's objects, and removes incomplete uploads", () => {
      expect(inputsOf("triton-storage-encryption").rules).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
      expect(inputsOf("triton-storage-versioning").versioningConfiguration).to.deep.equal({ status: "Enabled" });
      expect(inputsOf("triton-storage-ownership").rule).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
      expect(inputsOf("triton-storage-lifecycle")).to.have.nested.property(
        "rules[0].abortIncompleteMultipartUpload.daysAfterInitiation",
        7,
      );
    });

    it("denies access to the bucket without TLS", () => {
      expect(statementsOf(inputsOf("triton-storage-policy").policy)).to.have.length(1);
      expect(statementsOf(inputsOf("triton-storage-policy").policy)[0]).to.deep.include({
        Effect: "Deny",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    });

    it("uploads the model under a key derived from its content, once public access is blocked", () => {
      const { key, source, bucket } = inputsOf("triton-storage-model");
      expect(key).to.match(/^artifacts\/models-[0-9a-f]{16}\.tar\.gz$/);
      expect(bucket).to.equal("${triton-storage-bucket.bucket}");
      expect((source as { path: string }).path).to.match(/\.tar\.gz$/);
      expect(optionsOf("triton-storage-model").dependsOn).to.have.members(
        ["public-access", "ownership", "encryption", "versioning", "lifecycle", "policy"].map(
          (wall) => `triton-storage-${wall}`,
        ),
      );
    });

    it(`has ${expected.tagMutability} tags in the repository, scans on push and deletes untagged images`, () => {
      expect(inputsOf("triton-registry-repository")).to.deep.include({
        imageTagMutability: expected.tagMutability,
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
      });
      expect(inputsOf("triton-registry-lifecycle").policy).to.include('"tagStatus":"untagged"');
    });

    it("copies the upstream image for amd64 by digest, under a tag that carries the digest", () => {
      const registry = "dkr.ecr.us-east-1.amazonaws.com";
      expect(inputsOf("triton-registry-upstream")).to.deep.equal({
        name: `\${sagemaker-tritonserver.registryId}.${registry}/sagemaker-tritonserver@sha256:\${digest}`,
        platform: "linux/amd64",
        keepLocally: true,
      });
      const copy = `\${aws.accountId}.${registry}/\${triton-registry-repository.name}:26.05-py3-\${digest}`;
      expect(inputsOf("triton-registry-tag")).to.deep.equal({
        sourceImage: "${triton-registry-upstream.imageId}",
        targetImage: copy,
      });
      expect(inputsOf("triton-registry-image")).to.deep.equal({
        name: copy,
        keepRemotely: true,
        triggers: { upstreamDigest: "sha256:${digest}" },
      });
    });

    it("pushes the new image before deleting the old one, with the docker provider that is signed in", () => {
      expect(optionsOf("triton-registry-image")).to.deep.equal({
        deleteBeforeReplace: false,
        hooks: ["beforeDelete"],
        provider: "triton-registry-docker",
      });
      for (const name of ["triton-registry-upstream", "triton-registry-tag"]) {
        expect(optionsOf(name), name).to.deep.equal({ provider: "triton-registry-docker" });
      }
      expect(JSON.parse(inputsOf("triton-registry-docker").registryAuth as string)).to.deep.equal(
        [
          "https://${aws.accountId}.dkr.ecr.us-east-1.amazonaws.com",
          "https://${sagemaker-tritonserver.registryId}.dkr.ecr.us-east-1.amazonaws.com",
        ].map((address) => ({ address, username: "AWS", password: "${ecr.authorizationToken}" })),
      );
      expect(optionsOf("triton-registry-docker").secrets).to.deep.equal(["registryAuth"]);
    });

    it("has a role for SageMaker with the permissions that the endpoint needs", () => {
      expect(statementsOf(inputsOf("triton-execution-role").assumeRolePolicy)[0]).to.deep.include({
        Principal: { Service: "sagemaker.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": "${aws.accountId}" },
          ArnLike: { "aws:SourceArn": "arn:aws:sagemaker:us-east-1:${aws.accountId}:*" },
        },
      });
      const resources = ["model-data", "image", "observability"].flatMap((purpose) =>
        statementsOf(inputsOf(`triton-execution-${purpose}`).policy).map(({ Resource }) => Resource),
      );
      const logs = `arn:aws:logs:us-east-1:\${aws.accountId}:log-group:/aws/sagemaker/Endpoints/sagemaker-triton-${stack}`;
      expect(resources).to.deep.equal([
        "${triton-storage-bucket.arn}/artifacts/*",
        "*",
        "${triton-registry-repository.arn}",
        [logs, `${logs}:log-stream:*`],
        "*",
      ]);
    });

    it("creates a model from image digest, archive, environment and role", () => {
      expect(inputsOf("triton-server-model")).to.deep.include({
        executionRoleArn: "${triton-execution-role.arn}",
        primaryContainer: {
          image:
            "${aws.accountId}.dkr.ecr.us-east-1.amazonaws.com/${triton-registry-repository.name}@${triton-registry-image.sha256Digest}",
          modelDataUrl: `s3://\${triton-storage-bucket.bucket}/${String(inputsOf("triton-storage-model").key)}`,
          environment: {
            SAGEMAKER_TRITON_LOG_VERBOSE: "false",
            SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins",
          },
        },
      });
    });

    it("serves all traffic with one variant", () => {
      expect(inputsOf("triton-server-configuration").productionVariants).to.deep.equal([
        {
          variantName: "AllTraffic",
          modelName: "${triton-server-model.name}",
          instanceType: expected.instanceType,
          initialInstanceCount: expected.initialInstanceCount,
          initialVariantWeight: 1,
          containerStartupHealthCheckTimeoutInSeconds: 300,
          modelDataDownloadTimeoutInSeconds: 1200,
        },
      ]);
    });

    it("gives the endpoint a fixed name, and auto-names model and configuration", () => {
      expect(inputsOf("triton-server-endpoint")).to.deep.include({
        name: `sagemaker-triton-${stack}`,
        endpointConfigName: "${triton-server-configuration.name}",
      });
      for (const name of ["triton-server-model", "triton-server-configuration"]) {
        expect(inputsOf(name), name).to.not.have.any.keys("name", "namePrefix");
        expect(optionsOf(name).deleteBeforeReplace, name).to.equal(false);
      }
    });

    it("outputs what was created", () => {
      expect(plan.outputs).to.have.all.keys(
        "endpointName",
        "endpointArn",
        "endpointConfigName",
        "modelName",
        "modelDataUrl",
        "bucketName",
        "imageUri",
        "imageDigest",
        "executionRoleArn",
        "dashboardUrl",
        "alarmTopicArn",
        "targetModels",
      );
    });
  });
}
