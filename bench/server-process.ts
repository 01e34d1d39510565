import { fork, spawnSync, type ChildProcess, type ForkOptions } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { LiveMemory, ProcessUsage } from "./process-usage.ts";

/** A server under measurement, or the upstream behind it. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  usage(): Promise<ProcessUsage>;
  live(): Promise<LiveMemory>;
  /** Lets it run on every CPU from now on. */
  unpin(): void;
  stop(): Promise<void>;
}

/**
 * Starts `bench/<file>` as a process of its own and waits until it listens.
 *
 * @param core the only CPU it may use, where `taskset` is there: what is measured has one for
 *   itself, the upstream and the load share the other
 * @param flags of Node, for this process alone
 */
export async function startServer(
  file: string,
  args: readonly string[],
  core: number,
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [...args], hasTaskset() ? pinnedTo(core, flags) : unpinned(flags));
  const { port } = (await nextMessage(child)) as { port: number };
  return {
    port,
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${String(port)}`,
    usage: async () => {
      child.send("usage");
      return ((await nextMessage(child)) as { usage: ProcessUsage }).usage;
    },
    live: async () => {
      child.send("live");
      return ((await nextMessage(child)) as { live: LiveMemory }).live;
    },
    unpin: () => {
      if (child.pid !== undefined) unpin(child.pid);
    },
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Puts this process, the load, on one CPU. */
export function pinSelf(core: number): void {
  if (hasTaskset()) spawnSync("taskset", ["-cp", String(core), String(process.pid)]);
}

/** Lets this process, the load, run on every CPU again. */
export function unpinSelf(): void {
  unpin(process.pid);
}

/** All threads of it. */
function unpin(pid: number): void {
  if (hasTaskset()) spawnSync("taskset", ["-acp", `0-${String(cpus().length - 1)}`, String(pid)]);
}

function hasTaskset(): boolean {
  return spawnSync("taskset", ["--version"]).status === 0;
}

function pinnedTo(core: number, flags: readonly string[]): ForkOptions {
  return {
    execPath: "taskset",
    execArgv: ["-c", String(core), process.execPath, ...process.execArgv, ...flags],
  };
}

function unpinned(flags: readonly string[]): ForkOptions {
  return { execArgv: [...process.execArgv, ...flags] };
}

/** What `leadsman up` starts with, see bin/leadsman.js. */
export const GATEWAY_FLAGS: readonly string[] = ["--max-semi-space-size=16"];

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`the server ended early with code ${String(code)}`));
    };
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}
