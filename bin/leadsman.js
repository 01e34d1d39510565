#!/usr/bin/env node
// Plain JavaScript that an old Node can still parse, so that it can say what is missing.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

/** Lowest Node whose built-in SQLite is free of the write-ahead-log defect (SQLite >= 3.51.3). */
const FLOOR = [22, 23, 0];

const thisFile = fileURLToPath(import.meta.url);
const bundledNode = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));

/**
 * Of a thousand streams at once nearly everything lives longer than a young generation of any size:
 * a larger one, which Node takes where there is memory, holds 100 MiB more and is no faster.
 */
const SERVER_FLAGS = ["--max-semi-space-size=16"];

if (isAtLeast(process.versions.node, FLOOR)) {
  becomeServer();
  endWithParent();
  await run();
} else if (existsSync(bundledNode)) {
  runWith(bundledNode);
} else {
  process.stderr.write(
    `leadsman needs Node ${FLOOR.join(".")} or newer; this is Node ${process.versions.node}.\n` +
      "Install a newer Node (24 is recommended) and run the command again.\n",
  );
  process.exitCode = 2;
}

/** In a checkout the source runs as it is; what is published holds `dist/` only. */
async function run() {
  const candidates = ["../src/cli/main.ts", "../dist/cli/main.js"];
  const main = candidates
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (main === undefined) {
    process.stderr.write(
      "leadsman is not installed completely: src/cli and dist/cli are missing.\n",
    );
    process.exitCode = 1;
    return;
  }
  // Halves the time to the first line from the second start on; where it cannot, nothing is lost.
  module.enableCompileCache();
  const cli = await import(main.href);
  process.exitCode = await cli.main(process.argv.slice(2));
}

/** Runs this file again with the Node that `npm ci` brought, and ends as that process ends. */
function runWith(node) {
  const flags = isServer() ? SERVER_FLAGS : [];
  const child = spawn(node, [...process.execArgv, ...flags, thisFile, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // A terminal sends SIGINT and SIGHUP to both processes by itself; twice would mean "hurry".
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"]) {
    process.on(signal, () => {
      if (signal === "SIGTERM" || !hasTerminal) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`Cannot start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const name of ["SIGINT", "SIGHUP", "SIGTERM"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** When started by `runWith`: ends with the process that started this one, even if that is killed. */
function endWithParent() {
  if (process.channel === undefined || process.channel === null) return;
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}

/** Starts this very process anew with the flags of a server; where that cannot be, it goes on as it is. */
function becomeServer() {
  const hasFlags = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ").includes("semi");
  const canBecome = typeof process.execve === "function" && !process.channel;
  if (!isServer() || hasFlags || !canBecome) return;
  const argv = [process.execPath, ...process.execArgv, ...SERVER_FLAGS, ...process.argv.slice(1)];
  try {
    process.execve(process.execPath, argv, process.env);
  } catch {
    // Windows has no such call, and some sandboxes forbid it.
  }
}

function isServer() {
  return process.argv.slice(2).includes("up");
}

function isAtLeast(version, floor) {
  const parts = version.split(".").map(Number);
  const different = floor.findIndex((part, index) => part !== parts[index]);
  return different === -1 || parts[different] > floor[different];
}
