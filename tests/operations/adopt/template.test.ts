import { expect } from "chai";
import { Resolver } from "../../../operations/adopt/resolve.ts";
import { templateStack } from "../../../operations/adopt/oldStack.ts";
import { readTemplate } from "../../../operations/adopt/template.ts";
import { Unknown } from "../../../operations/adopt/unknown.ts";

const template = readTemplate(
  `
Parameters: { Env: { Type: String, Default: prod }, Zones: { Type: CommaDelimitedList, Default: "a, b" }, Open: { Type: String } }
Mappings: { Sizes: { prod: { Type: ml.m5.large } } }
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsOther: !Not [!Condition IsProd]
Resources:
  Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: my-bucket } }
  Named: { Type: "AWS::S3::Bucket" }
  Key: { Type: "AWS::KMS::Key" }
`,
  "old.yaml",
);
const parameters = { "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012" };
const resolver = new Resolver(template, { parameters, names: { Key: "1234" } });

describe("a value of a template", () => {
  const values: Readonly<Record<string, [unknown, unknown]>> = {
    "a parameter's default": [{ Ref: "Env" }, "prod"],
    "a list": [{ Ref: "Zones" }, ["a", "b"]],
    "an item": [{ "Fn::Select": [1, { Ref: "Zones" }] }, "b"],
    "a mapping": [{ "Fn::FindInMap": ["Sizes", { Ref: "Env" }, "Type"] }, "ml.m5.large"],
    "a condition": [{ "Fn::If": ["IsOther", 1, { "Fn::Split": ["-", "x-y"] }] }, ["x", "y"]],
    nothing: [{ a: { Ref: "AWS::NoValue" }, b: 1 }, { b: 1 }],
    "a substitution": [{ "Fn::Sub": ["${Bucket}/${x}/${!y} ${AWS::Partition}", { x: 1 }] }, "my-bucket/1/${y} aws"],
    "an ARN": [{ "Fn::GetAtt": ["Bucket", "Arn"] }, "arn:aws:s3:::my-bucket"],
    "a deployed key's ARN": [{ "Fn::GetAtt": ["Key", "Arn"] }, "arn:aws:kms:eu-central-1:123456789012:key/1234"],
  };
  for (const [what, [raw, expected]] of Object.entries(values)) {
    it(`is computed: ${what}`, () => {
      expect(resolver.value(raw)).to.deep.equal(expected);
    });
  }

  const unknowns: Readonly<Record<string, [unknown, RegExp]>> = {
    "a parameter without a value": [{ Ref: "Open" }, /^Open isn't known: add --parameter Open=VALUE$/],
    "a name that AWS makes up": [{ "Fn::Sub": "s3://${Named}/x" }, /^AWS named the AWS::S3::Bucket Named/],
    "another stack's export": [{ "Fn::ImportValue": "Vpc" }, /^another stack exports it as Vpc/],
    "a dynamic reference": ["{{resolve:ssm:x}}", /^CloudFormation reads it from another service/],
    "a macro": [{ "Fn::Transform": {} }, /^adopt doesn't compute Fn::Transform/],
  };
  for (const [what, [raw, reason]] of Object.entries(unknowns)) {
    it(`isn't known, with the reason: ${what}`, () => {
      const value = resolver.value(raw);
      expect(value).to.be.instanceOf(Unknown);
      expect((value as Unknown).reason).to.match(reason);
    });
  }
});

describe("a template that can't be read", () => {
  for (const [text, message] of [
    ["- 1", /no CloudFormation template: line 1: there is no object Resources/],
    ["Resources: { A: {} }", /line 1: the resource A has no Type/],
    ["Resources:\n  A: { Type: X, Properties: [] }", /line 2: the Properties of A must be an object/],
    ["Resources: { A: { Type: X, Properties: { a: !Foo b } } }", /not valid YAML: line 1: Unresolved tag: !Foo/],
    ['{"Resources": ', /not valid YAML/],
  ] as const) {
    it(`is refused with its line: ${text.replaceAll("\n", " ")}`, () => {
      expect(() => readTemplate(text, "old.yaml")).to.throw(message);
    });
  }

  it("is refused if it refers to itself", () => {
    const circle = readTemplate(
      'Resources: { A: { Type: "AWS::S3::Bucket", Properties: { BucketName: !Ref A } } }',
      "old.yaml",
    );
    expect(() => templateStack(circle, "it", { parameters: {}, names: {} })).to.throw(/old.yaml refers to itself/);
  });
});
