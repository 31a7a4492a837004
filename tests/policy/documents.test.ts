import { expect } from "chai";
import {
  allowsEverything,
  allowsWholeService,
  decryptsWithEveryKey,
  deniesInsecureTransport,
  isPublic,
  sharesBucketRights,
  statements,
  type Statement,
} from "../../policy/documents.ts";
import { opensRiskyPort, opensUnauthorizedPort } from "../../policy/ingress.ts";

const allow = (statement: Statement): Statement => ({ Effect: "Allow", ...statement });
const deny = (statement: Statement): Statement => ({ Effect: "Deny", ...statement });

describe("a policy document", () => {
  it("is read as JSON and as an object, with one statement or several, or none", () => {
    const statement = allow({ Action: "s3:GetObject" });
    for (const document of [{ Statement: statement }, { Statement: [statement] }]) {
      expect(statements(document)).to.deep.equal([statement]);
      expect(statements(JSON.stringify(document))).to.deep.equal([statement]);
    }
    expect(statements(undefined)).to.deep.equal([]);
  });

  it("allows everything only by * on *, and a whole service also by <service>:*", () => {
    expect(allowsEverything(allow({ Action: ["s3:GetObject", "*"], Resource: "*" }))).to.equal(true);
    expect(allowsEverything(allow({ Action: "*", Resource: "arn:aws:s3:::models" }))).to.equal(false);
    expect(allowsEverything(deny({ Action: "*", Resource: "*" }))).to.equal(false);
    expect(allowsWholeService(allow({ Action: "execute-api:*" }))).to.equal(true);
    expect(allowsWholeService(allow({ Action: ["s3:Get*"] }))).to.equal(false);
    expect(allowsWholeService(deny({ Action: "s3:*" }))).to.equal(false);
  });

  it("allows decryption with every key by a wildcard in the action or the key, whatever the condition", () => {
    const everyKey = "arn:aws:kms:*:123456789012:key/*";
    const oneKey = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const Condition = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } };
    for (const Action of ["kms:Decrypt", "KMS:decrypt", "kms:*", "*", "kms:ReEncrypt*", "kms:Decryp?"]) {
      expect(decryptsWithEveryKey(allow({ Action, Resource: "*", Condition })), Action).to.equal(true);
      expect(decryptsWithEveryKey(allow({ Action, Resource: [everyKey] })), Action).to.equal(true);
      expect(decryptsWithEveryKey(allow({ Action, Resource: oneKey })), Action).to.equal(false);
    }
    expect(decryptsWithEveryKey(allow({ Action: "kms:DescribeKey", Resource: "*" }))).to.equal(false);
    expect(decryptsWithEveryKey(allow({ NotAction: "iam:*", Resource: "*" }))).to.equal(true);
    expect(decryptsWithEveryKey(allow({ NotAction: "kms:*", Resource: "*" }))).to.equal(false);
  });

  it("is public if it allows everyone and no condition names an account or a resource", () => {
    for (const Principal of ["*", { AWS: "*" }, { AWS: ["123456789012", "*"] }]) {
      expect(isPublic(allow({ Principal }))).to.equal(true);
      expect(isPublic(allow({ Principal, Condition: { Bool: { "aws:SecureTransport": "true" } } }))).to.equal(true);
      const Condition = { StringEquals: { "AWS:SourceAccount": "123456789012" } };
      expect(isPublic(allow({ Principal, Condition }))).to.equal(false);
      expect(isPublic(deny({ Principal }))).to.equal(false);
    }
    expect(isPublic(allow({ Principal: { Service: "s3.amazonaws.com" } }))).to.equal(false);
  });

  it("requires TLS only if it denies everyone every action without it", () => {
    const Condition = { Bool: { "aws:SecureTransport": false } };
    const tlsOnly = { Principal: { AWS: "*" }, Action: ["s3:*"], Condition };
    expect(deniesInsecureTransport(deny(tlsOnly))).to.equal(true);
    expect(deniesInsecureTransport(deny({ ...tlsOnly, Action: "s3:PutObject" }))).to.equal(false);
    expect(deniesInsecureTransport(deny({ ...tlsOnly, Principal: { AWS: "123456789012" } }))).to.equal(false);
    expect(deniesInsecureTransport(deny({ ...tlsOnly, Condition: {} }))).to.equal(false);
    expect(deniesInsecureTransport(allow(tlsOnly))).to.equal(false);
  });

  it("shares a bucket's permissions if it lets accounts change them, but not services, and not by read access", () => {
    const account = { AWS: "arn:aws:iam::123456789012:root" };
    expect(sharesBucketRights(allow({ Principal: account, Action: "s3:PutBucketAcl" }))).to.equal(true);
    expect(sharesBucketRights(allow({ Principal: "*", Action: "s3:*" }))).to.equal(true);
    expect(sharesBucketRights(allow({ Principal: account, Action: "s3:GetObject" }))).to.equal(false);
    expect(sharesBucketRights(allow({ Principal: { Service: "x" }, Action: "s3:*" }))).to.equal(false);
    expect(sharesBucketRights(deny({ Principal: account, Action: "s3:*" }))).to.equal(false);
  });
});

describe("a rule of a security group", () => {
  const internet = { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp" };

  it("may open ports 80 and 443 to the internet, and no other", () => {
    for (const port of [80, 443]) {
      expect(opensUnauthorizedPort({ ...internet, fromPort: port, toPort: port })).to.equal(false);
    }
    expect(opensUnauthorizedPort({ ...internet, fromPort: 443, toPort: 444 })).to.equal(true);
    expect(opensUnauthorizedPort({ ...internet, ipProtocol: "-1" })).to.equal(true);
    expect(opensUnauthorizedPort({ ipv6CidrBlocks: ["::/0"], protocol: "tcp", fromPort: 1, toPort: 9 })).to.equal(true);
    expect(opensUnauthorizedPort({ cidrIpv4: "10.0.0.0/8", ipProtocol: "-1" })).to.equal(false);
    expect(opensUnauthorizedPort({ ...internet, type: "egress", ipProtocol: "-1" })).to.equal(false);
  });

  it("opens a high-risk port if its range contains one", () => {
    expect(opensRiskyPort({ ...internet, fromPort: 23, toPort: 24 })).to.equal(true);
    expect(opensRiskyPort({ ...internet, protocol: "-1", ipProtocol: undefined })).to.equal(true);
    expect(opensRiskyPort({ ...internet, fromPort: 443, toPort: 443 })).to.equal(false);
  });
});
