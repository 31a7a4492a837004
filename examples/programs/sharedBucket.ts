import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TritonEndpoint } from "sagemaker-triton";

const key = new aws.kms.Key("models", { description: "Encrypts models", enableKeyRotation: true });

// The bucket is this program's own, so its policy and encryption are too. Each endpoint uploads below a prefix of its own.
const bucket = new aws.s3.Bucket("models");
new aws.s3.BucketPublicAccessBlock("models", {
  bucket: bucket.bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
new aws.s3.BucketServerSideEncryptionConfiguration("models", {
  bucket: bucket.bucket,
  rules: [
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
      bucketKeyEnabled: true,
    },
  ],
});

const shared = { modelRepository: "models", bucket, kmsKeyArn: key.arn };

const small = new TritonEndpoint("mean-small", { ...shared, instanceType: "ml.m5.large" });
// The first endpoint copies the image, the second one uses it.
const large = new TritonEndpoint("mean-large", {
  ...shared,
  instanceType: "ml.m5.4xlarge",
  imageUri: small.imageUri,
});

export const endpointNames = pulumi.all([small.endpointName, large.endpointName]);
