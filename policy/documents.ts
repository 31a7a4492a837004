/** One statement of a policy document in any of its allowed forms. */
export interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * The statements of a policy document.
 *
 * @param document the document as JSON or as an object; absent if there is none
 */
export function statements(document: unknown): Statement[] {
  const { Statement: found } = (typeof document === "string" ? JSON.parse(document) : (document ?? {})) as {
    readonly Statement?: Statement | readonly Statement[];
  };
  return listed(found);
}

/** Whether the statement allows every action on everything. */
export function allowsEverything({ Effect, Action, Resource }: Statement): boolean {
  return Effect === "Allow" && listed(Action).includes("*") && listed(Resource).includes("*");
}

/** Whether the statement allows every action of a service. */
export function allowsWholeService({ Effect, Action }: Statement): boolean {
  return Effect === "Allow" && listed(Action).some((action) => /^([\w-]+:)?\*$/.test(action));
}

/** Whether the statement allows decryption with every key. As in AWS's own check, conditions are ignored. */
export function decryptsWithEveryKey(statement: Statement): boolean {
  const everyKey = listed(statement.Resource).some((arn) => /^(arn:[^:]*:kms:.*)?\*$/.test(arn));
  return statement.Effect === "Allow" && everyKey && covers(statement, ["kms:Decrypt", "kms:ReEncryptFrom"]);
}

/** Whether the statement allows access to everyone in any account. */
export function isPublic({ Effect, Principal, Condition = {} }: Statement): boolean {
  const everybody = principals(Principal).includes("*");
  const narrowed = Object.values(Condition)
    .flatMap(Object.keys)
    .some((key) => narrowingKeys.test(key));
  return Effect === "Allow" && everybody && !narrowed;
}

/** Whether the statement denies all requests without TLS to everyone. */
export function deniesInsecureTransport({ Effect, Principal, Action, Condition }: Statement): boolean {
  const insecure = Condition?.Bool?.["aws:SecureTransport"];
  const everything = listed(Action).some((action) => action === "*" || action === "s3:*");
  return Effect === "Deny" && everything && principals(Principal).includes("*") && String(insecure) === "false";
}

/**
 * Whether the statement lets other accounts change a bucket's permissions. The bucket's own account needs no such
 * statement.
 */
export function sharesBucketRights(statement: Statement): boolean {
  const { Effect, Principal } = statement;
  const accounts = typeof Principal === "string" || Principal?.AWS !== undefined;
  return Effect === "Allow" && accounts && covers(statement, bucketRights);
}

/** Source: https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html (S3.6) */
const bucketRights = [
  "s3:DeleteBucketPolicy",
  "s3:PutBucketAcl",
  "s3:PutBucketPolicy",
  "s3:PutEncryptionConfiguration",
  "s3:PutObjectAcl",
];

/** Condition keys that restrict to an account, an organization or a resource. */
const narrowingKeys =
  /^(aws:(source(account|arn|owner|orgid|vpc|vpce)|principal(account|arn|orgid))|kms:calleraccount)$/i;

function principals(principal: Statement["Principal"]): string[] {
  return typeof principal === "string" ? [principal] : listed(principal?.AWS);
}

function covers({ Action, NotAction }: Statement, actions: readonly string[]): boolean {
  return actions.some((action) => {
    const named = listed(NotAction ?? Action).some((pattern) => wildcard(pattern).test(action));
    return NotAction === undefined ? named : !named;
  });
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

function listed<T>(value: T | readonly T[] | undefined): T[] {
  return value === undefined ? [] : ([value].flat() as T[]);
}
