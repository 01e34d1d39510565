import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a measured process has used so far. */
export interface ProcessUsage {
  /** User and system time of all its threads, in microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

/** What a process really holds, after a full garbage collection. */
export interface LiveMemory {
  readonly heapBytes: number;
  /** Outside of the heap, kept alive by it: buffers above all. */
  readonly externalBytes: number;
}

/** Answers the parent's questions: `usage`, and `live`, which collects garbage first. */
export function serveUsage(): void {
  process.on("message", (message) => {
    if (message === "live") process.send?.({ live: liveMemory() });
    if (message !== "usage") return;
    const { user, system } = process.cpuUsage();
    const usage: ProcessUsage = { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
    process.send?.({ usage });
  });
}

function liveMemory(): LiveMemory {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heapBytes: heapUsed, externalBytes: external };
}
