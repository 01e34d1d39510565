import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GATEWAY_FLAGS } from "../bench/server-process.ts";
import { CHECKOUT, readText } from "./checkout.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "leadsman-bin-"));
  mkdirSync(join(root, "bin"));
  cpSync(join(CHECKOUT, "bin/leadsman.js"), join(root, "bin/leadsman.js"));
  writeFileSync(join(root, "package.json"), `{ "type": "module" }`);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Looks like an old Node in the process that is started, but not in the one it starts. */
const OLD_NODE =
  "data:text/javascript,if (process.channel === undefined) " +
  "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });";

const ECHO_MAIN = `
  export async function main(argv) {
    console.log(JSON.stringify({ argv, hasParent: process.channel !== undefined }));
    return 3;
  }`;

/** Says "up", then on the first signal its name and ends with 7. */
const WAITING_MAIN = `
  export function main() {
    return new Promise((resolve) => {
      const timer = setInterval(() => {}, 1000);
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
        process.on(signal, () => { console.log(signal); clearInterval(timer); resolve(7); });
      }
      console.log("up");
    });
  }`;

const FLAGS_MAIN = `
  export async function main() {
    const { pid, execArgv: flags } = process;
    console.log(JSON.stringify({ pid, flags }));
  }`;

describe("bin/leadsman.js", () => {
  test("runs the source of a checkout and ends with its exit code", async () => {
    writeMain("src/cli/main.ts", `const none: string[] = [];\nvoid none;${ECHO_MAIN}`);
    writeMain("dist/cli/main.js", `throw new Error("the source comes first");`);
    const ended = await endOf(start(["try", "a b"]));
    expect(ended).toEqual({
      code: 3,
      signal: null,
      stdout: said(["try", "a b"], false),
      stderr: "",
    });
  });

  test("runs what was built where there is no source", async () => {
    writeMain("dist/cli/main.js", ECHO_MAIN);
    expect(await endOf(start([]))).toMatchObject({ code: 3, stdout: said([], false) });
  });

  test("says so when neither is there", async () => {
    const ended = await endOf(start([]));
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("not installed") });
  });

  test("says what it needs on an old Node", async () => {
    writeMain("dist/cli/main.js", ECHO_MAIN);
    const ended = await endOf(start([], ["--import", OLD_NODE]));
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/needs Node 22\.23\.0 or newer; this is Node 20\.20\.2/);
  });

  test("asks for the Node that package.json asks for", () => {
    const floor = /FLOOR = \[(.+)\]/.exec(readText("bin/leadsman.js"))?.[1]?.replaceAll(", ", ".");
    expect(readText("package.json")).toContain(`"node": ">=${floor ?? ""}"`);
  });

  test("on an old Node runs itself with the Node of the checkout", async () => {
    writeMain("src/cli/main.ts", ECHO_MAIN);
    bringNode();
    const ended = await endOf(start(["status", "--json"], ["--import", OLD_NODE]));
    expect(ended).toMatchObject({ code: 3, stdout: said(["status", "--json"], true), stderr: "" });
  });

  test.each([
    [["up"], ["--max-semi-space-size=16"]],
    [["--json", "up"], ["--max-semi-space-size=16"]],
    [["status"], []],
  ])("%j runs in the process that was started, with the flags %j", async (argv, flags) => {
    writeMain("src/cli/main.ts", FLAGS_MAIN);
    const child = start(argv);
    const { pid } = child;
    expect(await endOf(child)).toMatchObject({ stdout: `${JSON.stringify({ pid, flags })}\n` });
    const chosen = start(argv, ["--max-semi-space-size=8"]);
    const { stdout } = await endOf(chosen);
    expect(JSON.parse(stdout)).toEqual({ pid: chosen.pid, flags: ["--max-semi-space-size=8"] });
  });

  test("the benchmark starts a gateway with the flags of a server", () => {
    expect(readText("bin/leadsman.js")).toContain(
      `const SERVER_FLAGS = ${JSON.stringify(GATEWAY_FLAGS)};`,
    );
  });

  test("on an old Node a server gets its flags as well", async () => {
    writeMain("src/cli/main.ts", FLAGS_MAIN);
    bringNode();
    const ended = await endOf(start(["up"], ["--import", OLD_NODE]));
    expect(ended.stdout).toContain('"--max-semi-space-size=16"');
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("hands %s on once", async (signal) => {
    writeMain("src/cli/main.ts", WAITING_MAIN);
    bringNode();
    const child = start([], ["--import", OLD_NODE]);
    const ended = endOf(child);
    await firstOutputOf(child);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 7, stdout: `up\n${signal}\n` });
  });

  test("does not leave a process behind when it is killed", async () => {
    writeMain("src/cli/main.ts", WAITING_MAIN);
    bringNode();
    const child = start([], ["--import", OLD_NODE]);
    const ended = endOf(child);
    await firstOutputOf(child);
    child.kill("SIGKILL");
    // The output only ends when the inner process, which shares it, has ended too.
    expect(await ended).toMatchObject({ signal: "SIGKILL", stdout: "up\nSIGTERM\n" });
  });
});

function writeMain(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

function bringNode(): void {
  mkdirSync(join(root, "node_modules/node/bin"), { recursive: true });
  symlinkSync(process.execPath, join(root, "node_modules/node/bin/node"));
}

function said(argv: readonly string[], hasParent: boolean): string {
  return `${JSON.stringify({ argv, hasParent })}\n`;
}

function start(argv: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, join(root, "bin/leadsman.js"), ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
  });
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

function firstOutputOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.once("data", () => {
      resolve();
    });
  });
}
