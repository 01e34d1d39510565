import type { SimulatedWorld } from "../../providers/simulated/simulated-world.ts";
import type { DeskClient } from "./desk-client.ts";
import { deskRequest } from "./desk-requests.ts";

export interface TrafficOptions {
  readonly requests: number;
  /** Calls at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Told after each call how many are over. */
  readonly onProgress: (done: number) => void;
}

/** What the client's side saw. The books are in the ledger. */
export interface TrafficOutcome {
  readonly sent: number;
  /** Calls that the SDK rejected. */
  readonly failed: number;
  /** Message of the first failure; null when there was none. */
  readonly firstFailure: string | null;
}

/** Sends the first requests of a support desk, several at a time. Ends early when aborted. */
export async function sendTraffic(
  client: DeskClient,
  world: SimulatedWorld,
  options: TrafficOptions,
): Promise<TrafficOutcome> {
  const { signal } = options;
  let next = 0;
  let done = 0;
  let failed = 0;
  let firstFailure: string | null = null;
  const work = async (): Promise<void> => {
    while (next < options.requests && !signal.aborted) {
      const index = next;
      next += 1;
      try {
        await client(deskRequest(world, index), signal);
      } catch (error) {
        if (signal.aborted) return;
        failed += 1;
        firstFailure ??= error instanceof Error ? error.message : String(error);
      }
      done += 1;
      options.onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return { sent: done, failed, firstFailure };
}
