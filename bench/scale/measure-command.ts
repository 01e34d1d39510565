import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/leadsman.js", import.meta.url));

/** Wall-clock time from the start of the process to its end, and the most memory it held. */
export async function measureCommand(
  folder: string,
  argv: readonly string[],
): Promise<{ readonly seconds: number; readonly mebibytes: number }> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, stdio: "ignore" });
  let kibibytes = 0;
  const timer = setInterval(() => {
    kibibytes = Math.max(kibibytes, peakKibibytes(child.pid));
  }, 10);
  await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  return { seconds: (performance.now() - startedMs) / 1_000, mebibytes: kibibytes / 1_024 };
}

function peakKibibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
