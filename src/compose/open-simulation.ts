import { batchTroubleFromHeader } from "../providers/simulated/batches/batch-trouble.ts";
import { faultFromHeader } from "../providers/simulated/simulated-fault.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../providers/simulated/simulated-server.ts";
import type { Calibration } from "../providers/simulated/simulated-world.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";

export type { SimulatedServer };

export interface SimulationSettings {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly seed: string;
  readonly calibration: Calibration;
  /** Share of a real model's waiting that is done: 0 = none, 1 = all. */
  readonly timeScale: number;
  /** In the words of the header `x-simulate`; null = nothing goes wrong. */
  readonly fault: string | null;
  /** Share of calls (0–1) that meet the fault, evenly spread over the calls. */
  readonly faultShare: number;
}

/**
 * Starts an upstream of our own making behind a port.
 *
 * @throws LeadsmanError `usage` for a fault that cannot be read, `listen_failed`
 */
export async function openSimulation(settings: SimulationSettings): Promise<SimulatedServer> {
  const { fault, faultShare, ...options } = settings;
  if (fault !== null && !isFault(fault)) {
    throw new LeadsmanError(
      "usage",
      `The fault "${fault}" is not known: wanted for example status=529, hang, die-mid-answer, ` +
        "triage:stall-mid-verdict, deep:status=500, batch:status=429 or batch-expired=0.2.",
    );
  }
  try {
    return await startSimulatedServer({
      ...options,
      faults: (call) =>
        fault === null || !isDue(call.index, faultShare) ? null : faultFromHeader(fault, call),
      // Only what says so is about batches: a fault without a scope is about calls of a model.
      batchFaults: ({ index }) =>
        fault === null || !isOfBatches(fault) || !isDue(index, faultShare)
          ? {}
          : batchTroubleFromHeader(fault),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const place = `${settings.host}:${settings.port}`;
    throw new LeadsmanError("listen_failed", `Listening on ${place} was wanted, but: ${why}`, {
      cause,
    });
  }
}

/** Whether at least one kind of call would meet it. */
function isFault(text: string): boolean {
  if (isOfBatches(text)) {
    const { fault, shares } = batchTroubleFromHeader(text);
    return (fault ?? null) !== null || Object.values(shares ?? {}).some((share) => share > 0);
  }
  const scope = /^\s*([^:=,]+):/.exec(text)?.[1] ?? "";
  const calls = [true, false].map((isTriage) => ({ model: scope, isTriage }));
  return calls.some((call) => faultFromHeader(text, call) !== null);
}

function isOfBatches(text: string): boolean {
  return /^\s*batch[:-]/.test(text);
}

/** True for the share of all indexes, as evenly spread as can be. */
function isDue(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}
