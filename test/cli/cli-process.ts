import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/leadsman.js", import.meta.url));

/** A leadsman in a process of its own, as a user starts it. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** What came so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in standard error; rejects when the process ends without one. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when the process has ended and its outputs are complete. */
  readonly ended: Promise<CliEnd>;
}

export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startCli(argv: readonly string[], folder: string): CliProcess {
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    tell();
  });
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({ exitCode, stdout, stderr });
      tell();
    });
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stderr);
          if (match === null && child.exitCode === null) return;
          listeners.delete(look);
          if (match !== null) resolve(match);
          else reject(new Error(`Wanted ${String(pattern)} in:\n${stderr}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Starts, waits for the end. */
export function runCli(argv: readonly string[], folder: string): Promise<CliEnd> {
  return startCli(argv, folder).ended;
}
