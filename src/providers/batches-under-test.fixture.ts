import { createManualClock } from "../support/clock.ts";
import type { ManualClock } from "../support/clock.ts";
import type { BatchRequest } from "./batches/batch-body.ts";
import type { BatchFailure, BatchOutcome } from "./batches/batch-failure.ts";
import type { MessageBatch } from "./batches/batch-object.ts";
import type { BatchResult } from "./batches/batch-result.ts";
import { createMessageBatches } from "./message-batches.ts";
import type { MessageBatches } from "./message-batches.ts";
import { DEFAULT_TIMEOUTS } from "./provider.ts";
import type { Provider, UpstreamTimeouts } from "./provider.ts";
import type { ProviderUnderTest } from "./provider-under-test.fixture.ts";
import type { SimulationOptions } from "./simulated/simulation-options.ts";

/** Opens a provider in front of a simulated upstream that is made with these options. */
export type OpenBatches = (simulation: SimulationOptions) => Promise<ProviderUnderTest>;

export interface BatchesUnderTest extends ProviderUnderTest {
  readonly clock: ManualClock;
  /** The API through the provider; with `simulate`, something goes wrong upstream. */
  batches(options?: BatchesOptions): MessageBatches;
}

export interface BatchesOptions {
  readonly simulate?: string;
  readonly provider?: Provider;
  readonly timeouts?: Partial<UpstreamTimeouts>;
}

/** Of the upstream's world. */
export const CONTRACT_SEED = "contract";

/** @param bytesPerChunk how the upstream cuts its bodies */
export async function openBatches(
  open: OpenBatches,
  bytesPerChunk?: number,
): Promise<BatchesUnderTest> {
  const clock = createManualClock(1_000);
  const chunks = bytesPerChunk === undefined ? {} : { bytesPerChunk };
  const underTest = await open({ seed: CONTRACT_SEED, timeScale: 1, clock, ...chunks });
  return {
    ...underTest,
    clock,
    batches: ({ simulate, provider = underTest.provider, timeouts } = {}) =>
      createMessageBatches({
        provider,
        timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
        ...(simulate === undefined ? {} : { headers: { "x-simulate": simulate } }),
      }),
  };
}

/** Long enough for every batch. */
export const LONG_MS = 3_600_000;

export function batchRequests(count: number, members: object = {}): readonly BatchRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    customId: `row-${i}`,
    params: Buffer.from(
      JSON.stringify({
        model: "claude-haiku-4-5",
        max_tokens: 500,
        messages: [{ role: "user", content: `Größe ${i}? [task:legal_ambiguity#${i}]` }],
        ...members,
      }),
    ),
  }));
}

export function valueOf<Value>(outcome: BatchOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`A value was wanted, but: ${JSON.stringify(outcome.failure)}`);
}

export function failureOf(outcome: BatchOutcome<unknown>): BatchFailure {
  if (!outcome.ok) return outcome.failure;
  throw new Error(`A failure was wanted, but: ${JSON.stringify(outcome.value)}`);
}

/** A batch of so many requests that has ended. */
export async function endedBatch(
  { batches, clock }: BatchesUnderTest,
  count: number,
  simulate?: string,
): Promise<MessageBatch> {
  const faulty = simulate === undefined ? batches() : batches({ simulate });
  const batch = valueOf(await faulty.create(batchRequests(count)));
  clock.advance(LONG_MS);
  return batch;
}

/** Results by custom id, in the order in which they came. */
export async function allResults(
  batches: MessageBatches,
  id: string,
): Promise<Map<string, BatchResult["result"]>> {
  const results = new Map<string, BatchResult["result"]>();
  const outcome = await batches.results(id, ({ customId, result }) => {
    results.set(customId, result);
  });
  valueOf(outcome);
  return results;
}
