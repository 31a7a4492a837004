import assert from "node:assert/strict";
import { test } from "node:test";
import { planned } from "./planned.ts";

test("two endpoints share a bucket, a key and an image, and no object", async () => {
  const inputs = await planned(() => import("./sharedBucket.ts"));
  const all = (type: string) => [...inputs].filter(([key]) => key.startsWith(`${type}::`)).map(([, values]) => values);
  assert.equal(all("aws:s3/bucket:Bucket").length, 1);
  assert.equal(all("aws:ecr/repository:Repository").length, 1);
  assert.equal(all("aws:sagemaker/endpoint:Endpoint").length, 2);
  const objects = all("aws:s3/bucketObjectv2:BucketObjectv2");
  assert.deepEqual(
    objects.map(({ bucket, kmsKeyId }) => [bucket, kmsKeyId]),
    [
      ["${models.bucket}", "${models.arn}"],
      ["${models.bucket}", "${models.arn}"],
    ],
  );
  assert.equal(new Set(objects.map(({ key }) => key)).size, 2);
  const images = all("aws:sagemaker/model:Model").map(({ primaryContainer }) => (primaryContainer as Container).image);
  assert.equal(new Set(images).size, 1);
});

interface Container {
  readonly image: string;
}
