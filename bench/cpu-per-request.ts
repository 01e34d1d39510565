import { closedLoop, type Load } from "./closed-loop.ts";
import type { Figure } from "./figure.ts";
import { median, noiseOf } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

export interface CpuScenario {
  readonly name: string;
  readonly limit: number;
  readonly floor: Pick<Load, "isStreaming" | "model">;
  readonly ours: Pick<Load, "isStreaming" | "model">;
  readonly rounds: number;
  readonly roundMs: number;
}

/** CPU per request against the floor, round by round in turns, so that both see the same machine. */
export async function cpuPerRequest(
  floor: ServerProcess,
  ours: ServerProcess,
  scenario: CpuScenario,
): Promise<{ readonly figure: Figure; readonly requestsPerSecond: number }> {
  const floorUs: number[] = [];
  const oursUs: number[] = [];
  const rates: number[] = [];
  const shape = { connections: 32, durationMs: scenario.roundMs };
  // The first round warms both up and does not count.
  for (let round = 0; round <= scenario.rounds; round += 1) {
    const one = await closedLoop(floor, { ...scenario.floor, ...shape });
    const other = await closedLoop(ours, { ...scenario.ours, ...shape });
    if (round === 0) continue;
    floorUs.push(one.cpuUsPerRequest);
    oursUs.push(other.cpuUsPerRequest);
    rates.push(other.requestsPerSecond);
  }
  const ratios = oursUs.map((us, round) => us / (floorUs[round] ?? NaN));
  const requestsPerSecond = median(rates);
  const detail =
    `CPU per request: floor ${median(floorUs).toFixed(1)} µs, ` +
    `ours ${median(oursUs).toFixed(1)} µs at ${requestsPerSecond.toFixed(0)}/s; ` +
    `${String(scenario.rounds)} rounds in turns`;
  return {
    figure: {
      name: scenario.name,
      value: median(ratios),
      noise: noiseOf(ratios),
      limit: scenario.limit,
      unit: "× floor",
      detail,
    },
    requestsPerSecond,
  };
}
