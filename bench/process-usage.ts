/** What a measured process has used so far. */
export interface ProcessUsage {
  /** User and system time of all its threads, in microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

/** Answers the parent's question for usage. */
export function serveUsage(): void {
  process.on("message", (message) => {
    if (message !== "usage") return;
    const { user, system } = process.cpuUsage();
    const usage: ProcessUsage = { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
    process.send?.({ usage });
  });
}
