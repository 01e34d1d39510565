import { closedLoop, type Load, type LoadResult } from "./closed-loop.ts";
import type { Figure } from "./figure.ts";
import { median, noiseOf } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

export interface CpuScenario {
  readonly name: string;
  readonly limit: number;
  readonly floor: Pick<Load, "isStreaming" | "model">;
  readonly ours: Pick<Load, "isStreaming" | "model">;
}

export interface CpuRun {
  /** How often both servers are started anew, at the most. */
  readonly starts: number;
  /** On a machine that is slow, two starts have to do, so that all of them end within this. */
  readonly withinMs: number;
  readonly roundsPerStart: number;
  readonly roundMs: number;
  /** Called before each start; counted from 1. */
  readonly onStart: (count: number) => void;
}

export interface ServerPair {
  readonly floor: ServerProcess;
  readonly ours: ServerProcess;
}

/**
 * CPU per request against the floor, once both are warm: each scenario in turn on the same two
 * processes. Short rounds go in turns, so that both see the same machine, whose speed may change from
 * one second to the next; both processes are started anew several times, since one process of the
 * same program may need a third more than the next for as long as it lives. The noise is that between
 * starts.
 *
 * @returns one figure per scenario, and the last pair, which still runs
 */
export async function cpuPerRequest(
  start: () => Promise<ServerPair>,
  scenarios: readonly CpuScenario[],
  run: CpuRun,
): Promise<{ readonly figures: readonly Figure[]; readonly pair: ServerPair }> {
  const starts: (readonly Round[])[][] = scenarios.map(() => []);
  const startedMs = performance.now();
  for (let count = 1; ; count += 1) {
    run.onStart(count);
    const pair = await start();
    for (const [index, scenario] of scenarios.entries()) {
      starts[index]?.push(await measurePair(pair, scenario, run));
    }
    const expectedMs = ((performance.now() - startedMs) / count) * (count + 1);
    const isLast = count >= run.starts || (count > 1 && expectedMs > run.withinMs);
    if (isLast) {
      const figures = scenarios.map((scenario, index) => compare(scenario, starts[index] ?? []));
      return { figures, pair };
    }
    await stopPair(pair);
  }
}

export async function stopPair({ floor, ours }: ServerPair): Promise<void> {
  await ours.stop();
  await floor.stop();
}

function compare(scenario: CpuScenario, starts: readonly (readonly Round[])[]): Figure {
  const rounds = starts.flat();
  const ratios = starts.map((ofStart) =>
    median(ofStart.map(({ floor, ours }) => ours.cpuUsPerRequest / floor.cpuUsPerRequest)),
  );
  const requestsPerSecond = median(rounds.map(({ ours }) => ours.requestsPerSecond));
  const floorUs = rounds.map(({ floor }) => floor.cpuUsPerRequest);
  const oursUs = rounds.map(({ ours }) => ours.cpuUsPerRequest);
  const detail =
    `CPU per request: floor ${rangeOf(floorUs)} µs, ours ${rangeOf(oursUs)} µs at ` +
    `${requestsPerSecond.toFixed(0)}/s; ratio of each start: ` +
    ratios.map((ratio) => ratio.toFixed(2)).join(", ");
  const { name, limit } = scenario;
  return { name, value: median(ratios), noise: noiseOf(ratios), limit, unit: "× floor", detail };
}

interface Round {
  readonly floor: LoadResult;
  readonly ours: LoadResult;
}

async function measurePair(
  pair: ServerPair,
  scenario: CpuScenario,
  { roundsPerStart, roundMs }: CpuRun,
): Promise<readonly Round[]> {
  const shape = { connections: 32, durationMs: roundMs };
  await warmUp(pair, scenario);
  const rounds: Round[] = [];
  const ofFloor = (): Promise<LoadResult> =>
    closedLoop(pair.floor, { ...scenario.floor, ...shape });
  const ofOurs = (): Promise<LoadResult> => closedLoop(pair.ours, { ...scenario.ours, ...shape });
  for (let round = 0; round < roundsPerStart; round += 1) {
    // Each is first in half of the rounds, so that a machine that slows down favours neither.
    if (round % 2 === 0) {
      const floor = await ofFloor();
      rounds.push({ floor, ours: await ofOurs() });
    } else {
      const ours = await ofOurs();
      rounds.push({ floor: await ofFloor(), ours });
    }
  }
  return rounds;
}

/**
 * Until the compiler is nearly done with the code: of requests with an answer in one piece, the floor's
 * is fast after 30,000, ours after 50,000, the rounds included. Of streams it takes 14,000 more: after
 * 8,000, threads that compile were a seventh of what a stream costs ours. By requests and not by time:
 * a slower machine has as much to compile, and has served less.
 */
export async function warmUp(
  { floor, ours }: ServerPair,
  loads: Pick<CpuScenario, "floor" | "ours">,
): Promise<void> {
  await serveMany(floor, loads.floor);
  await serveMany(ours, loads.ours);
}

async function serveMany(server: ServerProcess, load: CpuScenario["floor"]): Promise<void> {
  let missing = load.isStreaming ? WARM_UP_STREAMS : WARM_UP_REQUESTS;
  while (missing > 0) {
    const shape = { connections: 32, durationMs: WARM_UP_ROUND_MS };
    const { requestsPerSecond } = await closedLoop(server, { ...load, ...shape });
    missing -= (requestsPerSecond * WARM_UP_ROUND_MS) / 1_000;
  }
}

const WARM_UP_REQUESTS = 35_000;
const WARM_UP_STREAMS = 14_000;
const WARM_UP_ROUND_MS = 500;

function rangeOf(valuesUs: readonly number[]): string {
  const [least, most] = [Math.min(...valuesUs), Math.max(...valuesUs)];
  return `${median(valuesUs).toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)})`;
}
