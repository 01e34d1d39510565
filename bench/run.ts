/**
 * The benchmark: every figure against the bare floor of the same run, rounds in turns, one mock
 * upstream for all, the ledger on and committing. Prints each figure with its limit; exits 1 when
 * one is missed by more than its noise. `--only WORD` runs the figures whose name holds the word.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { buildGateway } from "./build-gateway.ts";
import {
  cpuPerRequest,
  stopPair,
  warmUp,
  type CpuScenario,
  type ServerPair,
} from "./cpu-per-request.ts";
import { isMissed, renderFigure, type Figure } from "./figure.ts";
import { fixedRate } from "./fixed-rate.ts";
import { keepAwake } from "./keep-awake.ts";
import { comparePacedStreams } from "./paced-streams.ts";
import { reactionTimes, startTimedUpstream } from "./reaction-time.ts";
import { GATEWAY_FLAGS, pinSelf, startServer, unpinSelf } from "./server-process.ts";

const SERVER_CORE = 0;
const LOAD_CORE = 1;
pinSelf(LOAD_CORE);
buildGateway();

const only = process.argv.includes("--only") ? process.argv.at(-1) : undefined;
const folder = mkdtempSync(join(tmpdir(), "leadsman-bench-"));
const figures: Figure[] = [];
const report = (figure: Figure): void => {
  figures.push(figure);
  console.log(renderFigure(figure));
};
const wants = (word: string): boolean => only === undefined || word.includes(only);

console.log(
  `Node ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, ` +
    `load ${loadavg()[0]?.toFixed(2) ?? "?"}, ${new Date().toISOString()}\n`,
);
const upstream = await startServer("./mock-upstream.ts", [], LOAD_CORE);
let gateways = 0;
const startPair = async (): Promise<ServerPair> => {
  gateways += 1;
  const ledgerFolder = join(folder, `gateway-${String(gateways)}`);
  return {
    floor: await startServer("./floor-proxy.ts", [upstream.url], SERVER_CORE),
    ours: await startServer(
      "./gateway-process.ts",
      [upstream.url, ledgerFolder],
      SERVER_CORE,
      GATEWAY_FLAGS,
    ),
  };
};

const streaming = { floor: { isStreaming: true }, ours: { isStreaming: true } };
/** No route applies to this model, so it passes through. */
const unrouted = "claude-sonnet-4-6";
const passing = {
  floor: { isStreaming: false },
  ours: { isStreaming: false, model: unrouted },
};
const scenarios: readonly CpuScenario[] = [
  { name: "pass-through, CPU per request", limit: 1.5, ...passing },
  { name: "shipped (triage of 20 events), CPU per request", limit: 1.6, ...streaming },
].filter(({ name }) => wants(name));
const starts = scenarios.length === 0 ? 1 : 3;
const { figures: ofCpu, pair } = await cpuPerRequest(startPair, scenarios, {
  starts,
  withinMs: 120_000,
  roundsPerStart: 6,
  roundMs: 350,
  // Some half a minute each, without a figure.
  onStart: (count) => {
    process.stderr.write(`floor and gateway, start ${String(count)} of up to ${String(starts)}\n`);
  },
});
for (const figure of ofCpu) report(figure);
if (wants("streams")) {
  if (!wants("shipped")) await warmUp(pair, streaming);
  for (const figure of await comparePacedStreams(pair, 1_000)) report(figure);
}
if (wants("rate")) {
  if (!wants("pass-through")) await warmUp(pair, passing);
  const all = [upstream, pair.floor, pair.ours];
  for (const server of all) server.unpin();
  unpinSelf();
  const scenario = { rounds: 4, roundMs: 2_000, model: unrouted };
  for (const figure of await fixedRate(pair, scenario)) report(figure);
  pinSelf(LOAD_CORE);
}
await stopPair(pair);
if (wants("unloaded")) {
  const timed = await startTimedUpstream();
  const quiet = await startServer(
    "./gateway-process.ts",
    [timed.url, join(folder, "quiet")],
    SERVER_CORE,
    GATEWAY_FLAGS,
  );
  const relay = await startServer("./relay-proxy.ts", [timed.url], SERVER_CORE);
  const letSleep = keepAwake([SERVER_CORE, LOAD_CORE]);
  if (letSleep === null) console.log("No chrt and taskset: times include the waking of CPUs.\n");
  for (const figure of await reactionTimes(relay, quiet, timed, 400)) report(figure);
  await letSleep?.();
  await quiet.stop();
  await relay.stop();
  timed.close();
}
await upstream.stop();
rmSync(folder, { recursive: true, force: true });
writeFileSync(join(tmpdir(), "leadsman-bench.json"), JSON.stringify(figures, null, 2));

const missed = figures.filter(isMissed);
console.log(
  missed.length === 0
    ? `\nAll ${String(figures.length)} figures are within their limits.`
    : `\n${String(missed.length)} of ${String(figures.length)} figures missed their limits.`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
