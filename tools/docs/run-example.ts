import { spawn } from "node:child_process";
import { join } from "node:path";
import ts from "typescript";
import { CHECKOUT } from "../checkout.ts";

export interface ExampleOutcome {
  readonly exitCode: number | null;
  /** Both outputs as they came, for the message of a failed check. */
  readonly output: string;
}

/** Longest an example may take, in milliseconds. */
const EXAMPLE_TIMEOUT_MS = 60_000;

/**
 * Runs shell commands in the checkout, as a reader would; the first failure ends it. What they have
 * started in the background ends with them.
 */
export function runShell(code: string): Promise<ExampleOutcome> {
  return run("bash", ["-euo", "pipefail", "-c", code]);
}

/** Runs a TypeScript file with this Node. */
export function runTypeScript(path: string): Promise<ExampleOutcome> {
  return run(process.execPath, [path]);
}

/** Type errors of files against the compiler options of the checkout, as readable lines. */
export function typeErrorsOf(paths: readonly string[]): readonly string[] {
  const config = ts.readConfigFile(join(CHECKOUT, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  );
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, CHECKOUT, {
    noEmit: true,
    // An example may show a value without using it, and exports nothing.
    noUnusedLocals: false,
    isolatedDeclarations: false,
    declaration: false,
  });
  const program = ts.createProgram([...paths], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map((one) => ts.formatDiagnostic(one, DIAGNOSTIC_HOST).trim());
}

const DIAGNOSTIC_HOST: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => CHECKOUT,
  getNewLine: () => "\n",
};

function run(command: string, args: readonly string[]): Promise<ExampleOutcome> {
  const bin = join(CHECKOUT, "node_modules/.bin");
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    CI: "true",
    // A walk starts the same program a dozen times; compiling it is half of what each start takes.
    NODE_COMPILE_CACHE: join(CHECKOUT, ".tmp/compile-cache"),
  };
  const child = spawn(command, args, {
    cwd: CHECKOUT,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: EXAMPLE_TIMEOUT_MS,
    // A process group of its own, so that nothing of it is left.
    detached: true,
    env,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => endGroup(child.pid));
    child.on("close", (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing was left of it.
  }
}
