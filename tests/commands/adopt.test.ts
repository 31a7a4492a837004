import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import type { CheckReport } from "../../commands/checkReport.ts";
import type { Adoption } from "../../operations/adopt/adoption.ts";
import { packModelRepository } from "../../packing/modelArchive.ts";
import { clientSettings, connect } from "../../releases/connection.ts";
import { account, oldTemplates, original, region } from "../support/adopt/oldStacks.ts";
import { startAwsEmulator, type AwsEmulator } from "../support/awsEmulator.ts";
import { runCli, type CliRun } from "../support/cli.ts";
import { writePieces, type Pieces } from "../support/repository.ts";

const whole = oldTemplates["the original"]!;
const known = ["--parameter", `AWS::AccountId=${account}`];

describe("adopt", () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(path.join(os.tmpdir(), "adopt-"));
    writeFileSync(path.join(project, "Pulumi.yaml"), "name: birds\nruntime: nodejs\n");
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  const at = (name: string) => path.join(project, name);
  const withoutAws = { AWS_REGION: "", AWS_DEFAULT_REGION: "" };
  const adopt = (args: readonly string[], env: NodeJS.ProcessEnv = withoutAws): Promise<CliRun> =>
    runCli(["adopt", ...args], env, project);
  const stackOf = (name: string) =>
    (parse(readFileSync(at(`Pulumi.${name}.yaml`), "utf8")) as { config: object }).config;
  const template = (text: string, name = "old.yaml") => {
    writeFileSync(at(name), text);
    return name;
  };

  it("tells what becomes of each resource of a template, and then writes the stack", async () => {
    const { code, stdout, stderr } = await adopt([template(whole), "--stack", "prod", ...known]);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^The endpoint sagemaker-endpoint in us-east-1, as the template old.yaml describes it\n/);
    expect(stdout).to.match(/taken over\s.*Bucket sagemaker-models\s/s);
    expect(stdout).to.match(
      /What is stricter than before:\n {2}line 11: Bucket sagemaker-models: requests without TLS/,
    );
    expect(stdout).to.match(
      /\nWritten: Pulumi.prod.yaml\nNext: npx pulumi stack init prod, and then npx sagemaker-triton preview --stack prod\n$/,
    );
    expect(stackOf("prod")).to.include({ "aws:region": region, "birds:endpointName": "sagemaker-endpoint" });
    expect(stackOf("prod")).to.deep.include({ "birds:takeOver": ["endpoint", "bucket", "repository"] });
  });

  it("writes nothing if the old stack would delete what is taken over, and names each line", async () => {
    const { code, stdout, stderr } = await adopt([template(original), "--stack", "prod", ...known]);
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /What prevents the move:\n {2}line 25: Repository sagemaker-tritonserver: lacks DeletionPolicy/,
    );
    expect(stderr).to.equal("error: nothing was written: solve the 2 problems above first\n");
    expect(readdirSync(project)).to.have.members(["Pulumi.yaml", "old.yaml"]);
  });

  it("prints one JSON document, with what prevents the move", async () => {
    const { code, stdout } = await adopt([template(original), "--stack", "prod", "--json"]);
    expect(code).to.equal(1);
    const { problems, rows } = JSON.parse(stdout) as Adoption;
    expect(problems.map(({ message }) => message).join()).to.match(/add --parameter AWS::AccountId=VALUE/);
    expect(rows[0]).to.deep.include({ what: "taken over", resource: "Endpoint sagemaker-endpoint" });
    expect(existsSync(at("Pulumi.prod.yaml"))).to.equal(false);
  });

  it("chooses among several endpoints of a template in JSON", async () => {
    const { Resources } = parse(oldTemplates["with a VPC"]!) as { Resources: Record<string, { Properties: object }> };
    const other = { ...Resources.Endpoint, Properties: { ...Resources.Endpoint!.Properties, EndpointName: "other" } };
    const text = JSON.stringify({ Resources: { ...Resources, Other: other } });
    const file = template(text, "old.template.json");
    const given = [file, "--stack", "two", "--region", region, ...known];
    const several = await adopt(given);
    expect(several.stderr).to.match(/has 2 endpoints, .* add --endpoint with one of vpc-endpoint, other\n$/);
    expect((await adopt([...given, "--endpoint", "other"])).code).to.equal(0);
    expect(stackOf("two")).to.include({ "birds:endpointName": "other" });
  });

  for (const [what, args, message] of [
    ["no source", ["--stack", "a"], /^error: nothing to take over is given: name a template/],
    ["no stack", ["old.yaml"], /required option '--stack <name>'/],
    ["a bad stack's name", ["old.yaml", "--stack", "../a"], /^error: --stack: "..\/a" is not allowed/],
    ["no such file", ["cdk.out/a.template.json", "--stack", "a"], /"cdk.out\/a.template.json" doesn't exist/],
    [
      "no template",
      ["Pulumi.yaml", "--stack", "a"],
      /Pulumi.yaml is no CloudFormation template: line 1: there is no object/,
    ],
    ["a parameter without a value", ["old.yaml", "--stack", "a", "--parameter", "A"], /--parameter: "A" has no value/],
    [
      "an unknown parameter",
      ["old.yaml", "--stack", "a", "--parameter", "A=1"],
      /there is no A in the template: it has CostEnv,/,
    ],
    [
      "no such endpoint",
      ["old.yaml", "--stack", "a", "--endpoint", "b"],
      /has no endpoint b: it has sagemaker-endpoint\n$/,
    ],
  ] as const) {
    it(`refuses in one line: ${what}`, async () => {
      template(whole);
      const { code, stderr } = await adopt(args);
      expect(code).to.equal(1);
      expect(stderr.trim().split("\n")).to.have.length(1);
      expect(stderr).to.match(message);
      expect(readdirSync(project)).to.have.length(2);
    });
  }

  it("doesn't write over a stack's file", async () => {
    writeFileSync(at("Pulumi.prod.yaml"), "config: {}\n");
    const { code, stderr } = await adopt([template(whole), "--stack", "prod", ...known]);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: nothing was written: Pulumi.prod.yaml already exists/);
    expect(readFileSync(at("Pulumi.prod.yaml"), "utf8")).to.equal("config: {}\n");
  });

  describe("of what AWS has", () => {
    let emulator: AwsEmulator;
    // moto reads a service's whole description at its first request.
    const patient = () => ({ ...emulator.connection, region, connectionTimeout: 30_000, requestTimeout: 30_000 });
    let env: NodeJS.ProcessEnv;
    before(async () => {
      emulator = await startAwsEmulator();
      const url = emulator.connection.sagemakerEndpoint!;
      env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: region };
    });
    after(() => emulator.stop());

    it("reads an endpoint that the Python SDK made, and leaves its bucket and its image where they are", async () => {
      const { sagemaker } = await connect(patient());
      const bucket = `sagemaker-${region}-${account}`;
      const ModelName = "pytorch-inference-2026-11-30-10-00-00-000";
      const name = "pytorch-inference-2026-11-30-10-00-00-111";
      await sagemaker.send(
        new CreateModelCommand({
          ModelName,
          ExecutionRoleArn: `arn:aws:iam::${account}:role/service-role/AmazonSageMaker-ExecutionRole-20261130T100000`,
          PrimaryContainer: {
            Image: `${account}.dkr.ecr.${region}.amazonaws.com/tritonserver:24.09-py3`,
            ModelDataUrl: `s3://${bucket}/${ModelName}/model.tar.gz`,
            Environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
          },
        }),
      );
      const variant = { VariantName: "AllTraffic", ModelName, InitialInstanceCount: 1, InitialVariantWeight: 1 };
      await sagemaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: name,
          ProductionVariants: [{ ...variant, InstanceType: "ml.m5.xlarge" }],
        }),
      );
      await sagemaker.send(
        new CreateEndpointCommand({
          EndpointName: name,
          EndpointConfigName: name,
          Tags: [{ Key: "team", Value: "birds" }],
        }),
      );
      const { code, stdout, stderr } = await adopt(["--endpoint", name, "--stack", "sdk"], env);
      expect(stderr, stdout).to.equal("");
      expect(code).to.equal(0);
      expect(stackOf("sdk")).to.deep.equal({
        "aws:region": region,
        "birds:endpointName": name,
        "birds:imageUri": `${account}.dkr.ecr.${region}.amazonaws.com/tritonserver:24.09-py3`,
        "birds:modelDataUrl": `s3://${bucket}/${ModelName}/model.tar.gz`,
        "birds:environment": { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
        "birds:instanceType": "ml.m5.xlarge",
        "birds:initialInstanceCount": 1,
        "birds:tags": { team: "birds" },
        "birds:protect": true,
        "birds:takeOver": ["endpoint"],
      });
      const { EndpointArn } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
      const owner = [{ Key: "aws:cloudformation:stack-name", Value: "old" }];
      await sagemaker.send(new AddTagsCommand({ ResourceArn: EndpointArn, Tags: owner }));
      const owned = await adopt(["--endpoint", name, "--stack", "again"], env);
      expect(owned.stderr).to.match(/belongs to the CloudFormation stack old: give old as the source/);
    });

    describe("with --download", () => {
      const Bucket = "sagemaker-models";
      const put = async (pieces: Pieces) => {
        const folder = path.join(project, "packed");
        writePieces(pieces, folder);
        const { file: archive } = await packModelRepository(folder, { cacheDirectory: path.join(project, "cache") });
        const Body = readFileSync(archive);
        await s3.send(new PutObjectCommand({ Bucket, Key: "artifacts/model_7.tar.gz", Body }));
      };
      let s3: S3Client;
      before(async () => {
        s3 = new S3Client(clientSettings(patient(), env.AWS_ENDPOINT_URL));
        await s3.send(new CreateBucketCommand({ Bucket }));
      });
      const sound = {
        "penguins/config.pbtxt": 'backend: "python"',
        "penguins/1/model.py": "class TritonPythonModel: pass",
      };

      it("unpacks the model into a folder and serves it from there, and tells what the check finds", async () => {
        await put(sound);
        const given = [template(whole), "--stack", "prod", ...known, "--download", "models"];
        const { code, stdout, stderr } = await adopt(given, env);
        expect(stderr).to.equal("");
        expect(code).to.equal(0);
        expect(readFileSync(at("models/penguins/config.pbtxt"), "utf8")).to.equal('backend: "python"');
        expect(stackOf("prod")).to.include({ "birds:modelRepository": "models" });
        expect(stackOf("prod")).to.not.have.property("birds:modelDataUrl");
        expect(stdout.replace(/\s+/g, " ")).to.match(/ checked for .* on ml\.r5\.xlarge in us-east-1 models: /);
        expect(stdout).to.match(/\nmodels: .*\n\nWritten: Pulumi.prod.yaml/);
        expect(readdirSync(project).filter((name) => name.startsWith("."))).to.deep.equal([]);
      });

      it("tells what the check has against a model that serves, and prints it with --json", async () => {
        await put({ "penguins/config.pbtxt": 'backend: "python"\nmax_batch_size: many', "penguins/1/model.py": "" });
        const given = [template(whole), ...known, "--stack"];
        const shown = await adopt([...given, "one", "--download", "one"], env);
        expect(shown.code).to.equal(0);
        expect(shown.stdout).to.match(/error +line 2: /);
        expect(shown.stdout.replace(/\s+/g, " ")).to.match(
          /The model serves all the same, but the first update refuses errors/,
        );
        const printed = await adopt([...given, "two", "--download", "two", "--json"], env);
        const { checks, settings } = JSON.parse(printed.stdout) as { checks: CheckReport[]; settings: object };
        expect(settings).to.include({ modelRepository: "two" });
        expect(checks.map(({ errors }) => errors > 0)).to.deep.equal([true]);
      });

      it("writes nothing if there is such a folder, or no such model", async () => {
        await put(sound);
        const given = [template(whole), "--stack", "prod", ...known, "--download"];
        const exists = await adopt([...given, "packed"], env);
        expect(exists.stderr).to.equal('error: --download: "packed" already exists: name a new folder\n');
        const missing = await adopt([...given, "new/models", "--parameter", "ModelFileName=other.tar.gz"], env);
        expect(missing.stderr).to.match(
          /^error: GetObject of s3:\/\/sagemaker-models\/artifacts\/other.tar.gz failed.*NoSuchKey/,
        );
        for (const name of ["Pulumi.prod.yaml", "new"]) expect(existsSync(at(name)), name).to.equal(false);
      });
    });

    it("reads a deployed stack with its parameters and names", async () => {
      const client = new CloudFormationClient(clientSettings(patient(), env.AWS_ENDPOINT_URL));
      const Parameters = [{ ParameterKey: "CostEnv", ParameterValue: "staging" }];
      await client.send(new CreateStackCommand({ StackName: "old-stack", TemplateBody: whole, Parameters }));
      const { code, stdout, stderr } = await adopt(["old-stack", "--stack", "prod"], env);
      expect(stderr).to.equal("");
      expect(code, stdout).to.equal(0);
      expect(stackOf("prod")).to.include({ "birds:costEnv": "staging", "birds:bucketName": "sagemaker-models" });
      const missing = await adopt(["no-such-stack", "--stack", "other"], env);
      expect(missing.stderr).to.match(/^error: DescribeStacks of no-such-stack failed.*: ValidationError/);
    });
  });
});
