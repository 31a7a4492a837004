/** What happens to a command that is printed somewhere. */
export interface TableEntry {
  /** Its text, as {@link commandsInTexts} finds it: to the end, or up to what follows in a sentence. */
  readonly text: string;
  /** The line that runs in a copy of the project; absent if it isn't run. */
  readonly line?: string;
  /** The reason why it isn't run, or the test that runs it. */
  readonly reason?: string;
  /** What it needs: nothing, the local Triton, or an installed Pulumi CLI. */
  readonly needs: "nothing" | "triton" | "pulumi";
}

/** Run as they are. */
const asPrinted = (needs: TableEntry["needs"], ...texts: string[]): TableEntry[] =>
  texts.map((text) => ({ text, line: text, needs }));

/** Run with something in the place of what the text leaves open. */
const asLine = (needs: TableEntry["needs"], lines: Readonly<Record<string, string>>): TableEntry[] =>
  Object.entries(lines).map(([text, line]) => ({ text, line, needs }));

const notRun = (reason: string, ...texts: string[]): TableEntry[] =>
  texts.map((text) => ({ text, reason, needs: "nothing" as const }));

/** Every command that is printed, once. */
export const commandTable: readonly TableEntry[] = [
  ...asPrinted(
    "nothing",
    "npm run check -- ../my-models",
    "npm run check -- examples/onnx/models --show-config",
    "npm run check -- models",
    "npm run check -- models --default-model penguins --instance-type ml.g5.xlarge",
    "npm run check -- models --image-tag 26.05-py3 --region eu-central-1",
    "npm run check -- --stack prod",
    "npm run check -- model.tar.gz --json",
    "npm run check -- models --show-config",
    "npm run plan -- --config-file docs/examples/variants.yaml",
    "npm run plan",
    "npm run permissions -- --stack prod --smoke",
    "npm run permissions",
    "npm run plan -- --stack prod --against-stack dev",
    "npm run init -- ../my-models",
    "npm run invoke -- --stack prod request.json",
    "npm run invoke -- --stack prod --input image:BYTES[1]=@cat.jpg --save answer.json",
  ),
  ...asLine("nothing", {
    "npm run check -- <folder or archive>": "npm run check -- model.tar.gz",
    "npm run check -- <modelRepository>": "npm run check -- models",
    "npm run check": "npm run check -- --stack dev",
    "npm run init -- <folder>": "npm run init -- ../next-models",
    "npm run init -- {} --stack {}": "npm run init -- ../next-models --stack next",
    "npm run init --": "npm run init -- ../next-models",
    "npx sagemaker-triton check|plan|start|serve": "node commands/bin/sagemaker-triton.js check models",
    "npx sagemaker-triton {}": "node commands/bin/sagemaker-triton.js plan",
    "sagemaker-triton {}": "node commands/bin/sagemaker-triton.js plan",
    "sagemaker-triton check {} --json": "node commands/bin/sagemaker-triton.js check models --json",
    "npm run invoke -- --stack prod --input bill_length_mm=39.1,50 --input …":
      "npm run invoke -- --stack prod --input bill_length_mm=39.1,50 --input bill_depth_mm=18,19 --input flipper_length_mm=181,190",
    "npm run invoke --": "npm run invoke -- --stack prod",
    "npm run invoke": "npm run invoke -- --stack prod",
    "npm run load -- --stack dev --concurrency 8 --input …":
      "npm run load -- --stack dev --concurrency 8 --input x:FP32[1]=1 --duration 1 --warmup 0",
    "tar czf model.tar.gz -C <repository> .":
      "mkdir -p models/penguins/1 && tar czf model.tar.gz -C models . && npm run check -- model.tar.gz --default-model penguins",
    "tar czf": "tar czf model.tar.gz -C models .",
    "mkdir -p {}/1": "cd models && mkdir -p penguins/1",
    "gzip <file>":
      "tar cf plain.tar -C models . && gzip plain.tar && npm run check -- plain.tar.gz --default-model penguins",
    "gunzip <file>":
      "tar czf once.tar.gz -C models . && gzip -c once.tar.gz > twice.gz && gunzip -S .gz twice.gz && gunzip -t < twice",
  }),
  ...asPrinted(
    "triton",
    "npm start",
    "npm start -- --model-repository examples/onnx/models",
    "npm start -- --config-file docs/examples/multi-model.yaml",
  ),
  ...asLine("triton", {
    "npm start --": "npm start -- --model-repository models",
    "npm start -- --stack {}": "npm run init -- ../my-models && npm start -- --stack my-models",
    "npm start -- --variant next": "npm start -- --config-file docs/examples/variants.yaml --variant next",
    "npm run replay -- captured/ --model-repository candidate/":
      "npm run replay -- captured/ --model-repository candidate/ --max-changed 1",
  }),
  ...asPrinted(
    "pulumi",
    "pulumi config set --path rollout.strategy canary",
    "pulumi config set --path modelServer.threadCount 16",
    "pulumi config set --path 'modelServer.loadModels[0]' tokenizer",
    "pulumi config set --path 'aws:allowedAccountIds[0]' 123456789012 --stack prod",
    "pulumi config rm modelName --stack prod",
  ),
  ...asLine("pulumi", {
    "npx pulumi config set modelRepository ../my-models": "pulumi config set modelRepository ../my-models",
    "pulumi config set --secret --path environment.{}": "pulumi config set --secret --path environment.TOKEN abc",
    "pulumi config set --secret": "pulumi config set --secret environment '{}'",
    "pulumi config set <name> <value>": "pulumi config set instanceType ml.m5.xlarge",
    "pulumi config set endpointName <name> --stack <stack>": "pulumi config set endpointName birds --stack prod",
    "pulumi config set endpointName {} --stack {}": "pulumi config set endpointName birds --stack prod",
    "pulumi config set replaceEndpoint {} --stack {}": "pulumi config set replaceEndpoint birds --stack prod",
    "pulumi config set": "pulumi config set instanceType ml.m5.xlarge",
    "npx pulumi stack init dev": "pulumi stack init staging",
    "pulumi stack init {}": "pulumi stack init another",
    "pulumi stack --show-urns": "pulumi stack --show-urns --stack prod",
  }),
  ...notRun(
    "tests/commands/planAgainst.test.ts runs it in a git repository",
    "npm run plan -- --stack prod --against main",
    "npm run plan -- --stack prod --against-file plan.json",
  ),
  ...notRun(
    "tests/local/printedCommands.test.ts runs it beside a server",
    "npm run serve",
    "npm run invoke -- --url http://127.0.0.1:8080",
    "npm run invoke -- --url {}",
    "npm run invoke -- --stream --url http://127.0.0.1:8080",
    "npm run load -- --url http://127.0.0.1:8080 --stream --concurrency 4",
    "npm run load -- --url http://127.0.0.1:8080 --rate 50 --duration 60 --chart latency.html",
    "curl -i {}/ping",
  ),
  ...notRun(
    "below, with the settings that it suggests",
    "npm run load -- --stack dev --find-capacity --p99 100 --peak 40",
  ),
  ...notRun(
    "tests/commands/adopt.test.ts runs it on an emulated AWS",
    "npm run adopt",
    "npm run adopt -- <source>",
    "npm run adopt -- old.yaml --stack prod --parameter CostEnv=production",
    "npm run adopt -- old-stack --stack prod",
    "npm run adopt -- cdk.out/Old.template.json --stack prod",
    "npm run adopt -- --endpoint penguins --stack prod",
  ),
  ...notRun(
    "it is a step of a move: tests/engine/adopt.test.ts makes the moves and turns them back",
    "npm run preview -- --stack {}",
    "npm run preview --",
    "npm run preview -- --stack prod",
    "npm run up -- --stack prod",
    "npm run destroy -- --stack prod --exclude-protected",
    "npx pulumi stack init {}, and then npm run preview -- --stack {}",
    "npx pulumi stack init prod",
    "npx pulumi config rm takeOver --stack prod",
    "npx pulumi stack --show-urns --stack prod",
    "npx pulumi state delete '<URN>' --force --target-dependents --stack prod",
    "npx pulumi stack rm prod --force",
    "aws cloudformation deploy --stack-name old-stack --template-file old.yaml",
    "aws cloudformation delete-stack --stack-name old-stack",
    "aws sagemaker delete-endpoint-config --endpoint-config-name <name>",
    "aws sagemaker delete-model --model-name <name>",
    "aws sagemaker update-endpoint --endpoint-name penguins --endpoint-config-name <old configuration>",
    "aws sagemaker wait endpoint-in-service --endpoint-name penguins",
  ),
  ...notRun("it reads the facts' sources over the network", "npm run facts"),
  ...notRun("tests/local/servedRequests.test.ts runs it on what a server captured", "npm run replay -- <folder>"),
  ...notRun("below, with the settings that it suggests", "npm run load -- --find-capacity"),
  ...notRun("tests/commands/load.test.ts runs it", "npm run load"),
  ...notRun(
    "it sets what tests/releases/takeOverProblem.test.ts expects",
    "pulumi config set --path 'tags[\"NAME\"]' VALUE",
  ),
  ...notRun(
    "it changes an account, once; tests/commands/permissions.test.ts runs what writes the policies",
    "aws s3api create-bucket --bucket example-pulumi-state",
    "aws s3api put-bucket-versioning --bucket example-pulumi-state --versioning-configuration Status=Enabled",
    'aws kms create-key --description "Pulumi\'s secrets" --query KeyMetadata.KeyId --output text',
    "aws kms create-alias --alias-name alias/pulumi --target-key-id <key>",
    "aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com",
    "aws iam create-role --role-name models-preview --assume-role-policy-document file://trust-preview.json",
    "aws iam put-role-policy --role-name models-preview --policy-name prod --policy-document file://preview-prod.json",
    "aws iam put-role-policy --role-name models-preview --policy-name state --policy-document file://state-preview.json",
    "aws iam create-role --role-name models-deploy-prod --assume-role-policy-document file://trust-prod.json --max-session-duration 10800",
    "aws iam put-role-policy --role-name models-deploy-prod --policy-name prod --policy-document file://deploy-prod.json",
    "aws iam put-role-policy --role-name models-deploy-prod --policy-name state --policy-document file://state.json",
    'npx pulumi stack init prod --secrets-provider "awskms://alias/pulumi?region=us-east-1"',
  ),
  ...notRun(
    "it asks AWS's price list, which tests/preview/costs.test.ts has in small",
    "npm run facts -- prices --region us-east-1",
    "npm run facts -- prices --region {}",
  ),
  ...notRun("tests/commands/init.test.ts runs what it moves", "mkdir -p {} && mv {} {}"),
  ...notRun(
    "tests/operations and tests/local/operations.test.ts run it on an emulated AWS",
    "npm run smoke",
    "npm run smoke -- --stack dev",
    "npm run smoke -- --stack prod",
    "npm run status",
    "npm run status -- --stack prod",
    "npm run logs",
    "npm run logs -- --stack prod",
    "npm run replay",
    "npm run replay -- --stack prod --limit 10000",
  ),
  ...notRun(
    "updates need the Pulumi engine and AWS: tests/commands/deploy.test.ts and tests/engine run them",
    "npm run preview",
    "npm run preview -- --stack dev",
    "npm run preview -- --stack prod --policy-pack policy",
    "npm run preview -- --stack dev --policy-pack policy --policy-pack-config policy/dev.json",
    "npm run up",
    "npm run up -- --stack dev",
    "npm run up -- --stack {}",
    "npm run up -- --stack dev --refresh",
    "npm run up -- --stack prod --refresh",
    "npm run up -- --stack <stack> --refresh",
    "npm run up --{} --refresh",
    "npm run up -- --stack prod --config modelName=triton-server-model-1a2b3c4",
    "npm run destroy",
    "npm run destroy -- --stack dev",
    "npm run destroy -- --stack {}",
    "pulumi up",
    "pulumi up --refresh",
    "pulumi preview",
    "pulumi destroy",
    "pulumi destroy --run-program",
    "pulumi refresh",
    "pulumi refresh --clear-pending-creates --stack <stack>",
    "pulumi refresh --clear-pending-creates --stack prod",
    "pulumi cancel --stack <stack>",
    "pulumi cancel --stack prod",
    "npx pulumi cancel{}",
    "pulumi state delete",
    "pulumi state taint",
    "pulumi state untaint",
    "pulumi import aws:cloudwatch/logGroup:LogGroup triton-monitoring-logs /aws/sagemaker/Endpoints/<endpoint> --parent 'monitoring=<urn>' --protect=false",
  ),
  ...notRun(
    "reads a deployed stack's outputs",
    "pulumi stack output alarmTopicArn",
    "pulumi stack output dashboardUrl",
    "pulumi stack output targetModels",
    "npx pulumi stack output imageDigest",
    'npx pulumi config set imageDigest "$(npx pulumi stack output imageDigest)"',
  ),
  ...notRun("signs in to a backend", "npx pulumi login", "npx pulumi login s3://<bucket>"),
  ...notRun("downloads a template: tests/package/template.test.ts uses it", "pulumi new"),
  ...notRun(
    "needs an AWS account",
    "aws configure or aws sso login",
    "aws sso login",
    "aws ecr get-login-password --region {}",
    "aws ecr tag-resource --resource-arn {} --tags Key={},Value={}",
    "aws iam delete-role-policy",
    "aws logs tag-resource --resource-arn {} --tags {}={}",
    "aws s3 cp",
    "aws s3 cp request.json s3://<bucket>/async-inference/input/request.json",
    'aws s3api put-bucket-tagging --bucket {} --tagging "TagSet=[{Key={},Value={}}]"',
    "aws sagemaker add-tags --resource-arn {} --tags Key={},Value={}",
    "aws sagemaker delete-endpoint --endpoint-name sagemaker-triton-dev",
    "aws sagemaker list-models --name-contains triton-server-model --sort-by CreationTime --sort-order Descending",
    "aws sagemaker-runtime invoke-endpoint --endpoint-name <name> --target-model <repository>-<content digest>.tar.gz",
    "aws sagemaker-runtime invoke-endpoint --target-model",
    "aws sagemaker-runtime invoke-endpoint-async --endpoint-name <endpoint> --content-type application/json --input-location s3://<bucket>/async-inference/input/request.json",
    'aws sns subscribe --topic-arn "$(pulumi stack output alarmTopicArn)" --protocol email --notification-endpoint on-call@example.com',
  ),
  ...notRun(
    "needs Docker: tests/commands/docker.test.ts runs it with a stand-in",
    "npm start -- --docker",
    "npm run serve -- --docker",
    "docker login",
    "docker login --username AWS --password-stdin {}",
  ),
  ...notRun("needs a repository's history or remote", "git lfs pull", "git revert"),
  ...notRun(
    "installs packages",
    "npm ci",
    "npm ci && npm start",
    "npm ci && npm test",
    "apt-get install libpython{}",
    "apt-get install python3-pip",
    "pip download torch",
    "pip install --no-deps -r examples/penguins/requirements.txt",
    "pip install -r examples/onnx/requirements.txt",
    "python examples/multi-model/train.py",
    "python examples/onnx/train.py",
    "python examples/penguins/train.py",
    "uv venv --seed --python 3.12 && . .venv/bin/activate",
    "uv venv --seed --python {}",
  ),
  ...notRun(
    "is for work on this project, and runs there",
    "npm test",
    "npm run test:engine",
    "npm run test:fuzz",
    "npm run test:local",
    "npm run docs",
    "npm run docs:api",
    "npm run bench -- pack",
    "npm run bench -- onnx --runs 15",
    "npm run bench -- invoke --milliseconds 400 --requests 500",
    "npm run bench -- load",
    "npm run bench:up",
    "npx mocha --no-config tests/<room>/<name>.test.ts",
  ),
];

/**
 * The entry of a command.
 *
 * @param found the text that was found, from the command on
 * @returns the longest one that the text begins with and that leaves no option over
 */
export function entryOf(found: string): TableEntry | undefined {
  return commandTable
    .filter(({ text }) => found.startsWith(text) && !/^( -|[\w-])/.test(found.slice(text.length)))
    .reduce<TableEntry | undefined>(
      (best, entry) => (entry.text.length > (best?.text.length ?? -1) ? entry : best),
      undefined,
    );
}
