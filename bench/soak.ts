/**
 * Ten minutes of paced streams and streams without pause: memory must not grow. Compares the
 * resident size of the last third with the first; exits 1 when it grew by more than 10 %. What is
 * alive after a full collection is printed every tenth lap: a leak shows there, an allocator that
 * keeps what it once had does not. `--minutes N` for a shorter look.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closedLoop } from "./closed-loop.ts";
import { pacedStreams } from "./paced-streams.ts";
import { median } from "./sample.ts";
import { buildGateway } from "./build-gateway.ts";
import { GATEWAY_FLAGS, pinSelf, startServer } from "./server-process.ts";

const minutes = process.argv.includes("--minutes") ? Number(process.argv.at(-1)) : 10;
const ALLOWED_GROWTH = 0.1;
const LAPS_PER_LOOK = 10;

pinSelf(1);
buildGateway();
const folder = mkdtempSync(join(tmpdir(), "leadsman-soak-"));
const upstream = await startServer("./mock-upstream.ts", [], 1);
const ours = await startServer("./gateway-process.ts", [upstream.url, folder], 0, GATEWAY_FLAGS);

const sizesMiB: number[] = [];
const startedMs = performance.now();
const printLive = async (): Promise<void> => {
  const { heapBytes, externalBytes } = await ours.live();
  const [heap, external] = [heapBytes, externalBytes].map((bytes) => mebibytes(bytes).toFixed(1));
  console.log(`    alive: heap ${heap ?? ""} MiB, outside of it ${external ?? ""} MiB`);
};
const isOver = (): boolean => performance.now() - startedMs > minutes * 60_000;
while (!isOver()) {
  const { rssBytes } = await pacedStreams(ours, { streams: 500, eventsPerStream: 250, paceMs: 20 });
  await closedLoop(ours, { isStreaming: true, connections: 32, durationMs: 5_000 });
  sizesMiB.push(mebibytes(rssBytes));
  const elapsedMinutes = (performance.now() - startedMs) / 60_000;
  console.log(`${elapsedMinutes.toFixed(1)} min  resident ${mebibytes(rssBytes).toFixed(0)} MiB`);
  if (sizesMiB.length % LAPS_PER_LOOK === 1) await printLive();
}
await printLive();
await ours.stop();
await upstream.stop();
rmSync(folder, { recursive: true, force: true });

const third = Math.max(1, Math.floor(sizesMiB.length / 3));
const early = median(sizesMiB.slice(0, third));
const late = median(sizesMiB.slice(-third));
const growth = late / early - 1;
const isFlat = growth <= ALLOWED_GROWTH;
console.log(
  `\nresident: ${early.toFixed(0)} MiB in the first third, ${late.toFixed(0)} MiB in the last ` +
    `(${(growth * 100).toFixed(1)} %, limit ${String(ALLOWED_GROWTH * 100)} %): ` +
    (isFlat ? "flat" : "GROWING"),
);
process.exitCode = isFlat ? 0 : 1;

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
