/**
 * The benchmark: every figure against the bare floor of the same run, rounds in turns, one mock
 * upstream for all, the ledger on and committing. Prints each figure with its limit; exits 1 when
 * one is missed by more than its noise. `--only WORD` runs the figures whose name holds the word.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { buildGateway } from "./build-gateway.ts";
import { cpuPerRequest, warmUp, type ServerPair } from "./cpu-per-request.ts";
import { isMissed, renderFigure, type Figure } from "./figure.ts";
import { fixedRate } from "./fixed-rate.ts";
import { keepAwake } from "./keep-awake.ts";
import { comparePacedStreams } from "./paced-streams.ts";
import { reactionTimes, startTimedUpstream } from "./reaction-time.ts";
import { GATEWAY_FLAGS, pinSelf, startServer } from "./server-process.ts";

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

/** No route applies to this model, so it passes through. */
const unrouted = "claude-sonnet-4-6";
let passThroughRate = 4_000;
const passThrough = {
  floor: { isStreaming: false },
  ours: { isStreaming: false, model: unrouted },
};
if (wants("pass-through")) {
  const { figure, requestsPerSecond } = await cpuPerRequest(startPair, {
    name: "pass-through, CPU per request",
    limit: 1.5,
    ...passThrough,
    starts: 3,
    roundsPerStart: 8,
    roundMs: 350,
  });
  report(figure);
  passThroughRate = requestsPerSecond;
}
if (wants("shipped")) {
  const { figure } = await cpuPerRequest(startPair, {
    name: "shipped (triage of 20 events), CPU per request",
    limit: 1.6,
    floor: { isStreaming: true },
    ours: { isStreaming: true },
    starts: 3,
    roundsPerStart: 8,
    roundMs: 350,
  });
  report(figure);
}
const { floor, ours } = await startPair();
if (wants("rate")) {
  const scenario = {
    requestsPerSecond: passThroughRate / 2,
    rounds: 3,
    roundMs: 3_000,
    model: unrouted,
  };
  await warmUp({ floor, ours }, { floor: passThrough.floor, ours: passThrough.ours });
  for (const figure of await fixedRate(floor, ours, scenario)) report(figure);
}
if (wants("unloaded")) {
  const timed = await startTimedUpstream();
  const quiet = await startServer(
    "./gateway-process.ts",
    [timed.url, join(folder, "quiet")],
    SERVER_CORE,
    GATEWAY_FLAGS,
  );
  const quietFloor = await startServer("./floor-proxy.ts", [timed.url], SERVER_CORE);
  const letSleep = keepAwake([SERVER_CORE, LOAD_CORE]);
  if (letSleep === null) console.log("No chrt and taskset: times include the waking of CPUs.\n");
  for (const figure of await reactionTimes(quietFloor, quiet, timed, 1_000)) report(figure);
  await letSleep?.();
  await quiet.stop();
  await quietFloor.stop();
  timed.close();
}
if (wants("streams")) {
  const scenario = { streams: 1_000, eventsPerStream: 350 };
  for (const figure of await comparePacedStreams(floor, ours, scenario)) report(figure);
}
await ours.stop();
await floor.stop();
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
