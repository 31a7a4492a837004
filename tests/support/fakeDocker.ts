#!/usr/bin/env node
// Stands in for `docker` where no daemon is at hand: keeps images, networks and containers as files below FAKE_DOCKER, writes
// each call to `calls`, and answers the port that it publishes as a container with a ready model would.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import * as path from "node:path";

const home = process.env.FAKE_DOCKER ?? "";
const args = process.argv.slice(2);
appendFileSync(path.join(home, "calls"), `${JSON.stringify(args)}\n`);
for (const kind of ["images", "networks", "containers"]) mkdirSync(path.join(home, kind), { recursive: true });
const place = (kind: string, name: string): string => path.join(home, kind, name.replaceAll("/", "|"));

function valueOf(option: string): string {
  return args[args.indexOf(option) + 1] ?? "";
}

function fail(reason: string, code = 1): never {
  console.error(reason);
  process.exit(code);
}

const failure = process.env[`FAKE_DOCKER_${(args[0] ?? "").toUpperCase()}`];
if (failure !== undefined) fail(failure, args[0] === "run" ? 125 : 1);

const [command = ""] = args;
switch (command) {
  case "image":
    if (!existsSync(place("images", args.at(-1) ?? ""))) fail("No such image");
    console.log(readFileSync(place("images", args.at(-1) ?? ""), "utf8"));
    break;
  case "pull":
    writeFileSync(place("images", args.at(-1) ?? ""), valueOf("--platform"));
    break;
  case "network":
    if (args[1] === "create") writeFileSync(place("networks", args.at(-1) ?? ""), "");
    if (args[1] === "rm") rmSync(place("networks", args.at(-1) ?? ""));
    if (args[1] === "ls") console.log(readdirSync(path.join(home, "networks")).join("\n"));
    break;
  case "ps":
    console.log(readdirSync(path.join(home, "containers")).join("\n"));
    break;
  case "rm":
    rmSync(place("containers", args.at(-1) ?? ""));
    break;
  case "stop": {
    const container = place("containers", args.at(-1) ?? "");
    if (!existsSync(container)) fail("No such container");
    process.kill(Number(readFileSync(container, "utf8")), "SIGTERM");
    break;
  }
  case "run":
    run();
    break;
  default:
}

function run(): void {
  const [, port = ""] = /^127\.0\.0\.1:(\d+):8080$/.exec(valueOf("--publish")) ?? [];
  const container = place("containers", valueOf("--name"));
  writeFileSync(container, String(process.pid));
  const [, source = ""] = /source=([^",]+)/.exec(valueOf("--mount")) ?? [];
  console.log("hello from the image");
  const server = createServer((request, response) => {
    if (request.method === "POST") response.setHeader("content-type", "application/json");
    response.end(request.method === "POST" ? readFileSync(path.join(source, "model/penguins/response.json")) : "");
  }).listen(Number(port), "127.0.0.1");
  process.on("SIGTERM", () => {
    rmSync(container);
    server.close();
    server.closeAllConnections();
  });
}
