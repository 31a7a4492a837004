import { expect } from "chai";
import { environmentRules } from "../../endpoint/environment.ts";
import { looksSecret } from "../../endpoint/secretValues.ts";
import { hideSecrets } from "../../preview/hideSecrets.ts";

// Put together here, so that nobody takes them for real ones.
const secrets: Readonly<Record<string, string>> = {
  HF_TOKEN: "abcdef",
  DB_PASSWORD: "correct horse",
  API_KEY: "0a1b2c3d",
  clientSecret: "abcdef",
  A: `AKIA${"ABCDEFGH".repeat(2)}`,
  B: `ghp_${"a1B2".repeat(9)}`,
  C: `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.c`,
  D: "-----BEGIN RSA PRIVATE KEY-----\nMII",
  E: "postgres://user:word@host/db",
  F: "wJalrXUtnFEMI7MDENG0bPxRfiCYzEXAMPLEKEYq",
  SAGEMAKER_TRITON_ADDITIONAL_ARGS: `--x=hf_${"a".repeat(34)}`,
};

const plain: Readonly<Record<string, string>> = {
  SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins",
  SAGEMAKER_TRITON_KEY: "abcdefgh",
  MAX_TOKEN: "4096",
  TOKENIZER: "bert-base-uncased",
  SSL_KEY: "/opt/ml/model/key.pem",
  KMS_KEY: "arn:aws:kms:us-east-1:111122223333:key/abc",
  PUBLIC_KEY: "abcdefgh",
  SECRET: "",
  TOKEN: "[secret]",
  DIGEST: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  PYTHONPATH: "/opt/ml/model/lib:/opt/tritonserver/python",
  MODEL: "meta-llama/Llama-3.1-8B-Instruct",
  URL: "https://example.com/models?region=us-east-1",
};

describe("an environment variable", () => {
  for (const [name, value] of Object.entries(secrets)) {
    it(`looks like a secret: ${name}=${value.slice(0, 12)}…`, () => {
      expect(looksSecret(name, value)).to.equal(true);
    });
  }

  for (const [name, value] of Object.entries(plain)) {
    it(`doesn't look like a secret: ${name}=${value.slice(0, 20)}`, () => {
      expect(looksSecret(name, value)).to.equal(false);
    });
  }

  it("that looks like a secret is a warning that names the command and not the value", () => {
    expect([...environmentRules({ HF_TOKEN: "abcdef", A: "b" })]).to.deep.equal([
      {
        path: ["HF_TOKEN"],
        code: "environment-secret",
        severity: "warning",
        message:
          "looks like a secret, but is kept and shown as plain text: set it with `pulumi config set --secret --path environment.HF_TOKEN`, or wrap it in pulumi.secret()",
      },
    ]);
  });

  it("that looks like a secret is not shown in a plan", () => {
    const environment = { HF_TOKEN: "abcdef", A: "b" };
    const inputs = { primaryContainer: { environment }, tags: { HF_TOKEN: "abcdef" } };
    const resource = { type: "aws:sagemaker/model:Model", name: "m", inputs, options: {} };
    const plan = { project: "p", stack: "s", resources: [resource], outputs: {}, notes: [] };
    expect(hideSecrets(plan).resources[0]?.inputs).to.deep.equal({
      primaryContainer: { environment: { HF_TOKEN: "[secret]", A: "b" } },
      tags: { HF_TOKEN: "abcdef" },
    });
  });
});
