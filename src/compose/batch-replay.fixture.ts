import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCatalogue } from "../catalogue/catalogue.ts";
import { exampleRoute } from "../cascade/examples.fixture.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { Route } from "../cascade/route.ts";
import type { BatchReplayOptions } from "../datasets/replay/batch/batch-replay-options.ts";
import { runBatchReplay } from "../datasets/replay/batch/run-batch-replay.ts";
import { idealComparison } from "../datasets/replay/ideal-comparison.ts";
import { createPace } from "../datasets/replay/pace.ts";
import { sortReplayLine, type ReplayRow, type ReplayRules } from "../datasets/replay/replay-row.ts";
import { runReplay, type RunOutcome } from "../datasets/replay/run-replay.ts";
import { createSpendCap } from "../datasets/replay/spend-cap.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Evidence } from "../ledger/records/evidence.ts";
import { DEFAULT_TIMEOUTS } from "../providers/provider.ts";
import type {
  BatchTrouble,
  SimulatedBatchCall,
} from "../providers/simulated/batches/batch-trouble.ts";
import type { RecordedCall } from "../providers/simulated/call-log.ts";
import { createSimulatedProvider } from "../providers/simulated/simulated-provider.ts";
import { createManualClock, type ManualClock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { createRandom } from "../support/random.ts";
import { systemRandomBytes } from "../support/system-random.ts";
import { openLedger } from "./open-ledger.ts";
import { createBatchAsker } from "./replay-batch-asker.ts";
import { createReplayAsker, type ReplayAskerOptions } from "./replay-tier-asker.ts";

export interface BatchBench {
  readonly rows: readonly ReplayRow[];
  /** What goes wrong with calls of the batch API from now on. */
  trouble: (call: SimulatedBatchCall) => BatchTrouble;
  /** What the next runs get in place of the real append, so that a test can break it off. */
  append: Ledger["append"] | null;
  /** Custom ids of all requests that upstream took in batches, one entry per request and model. */
  asked(): readonly string[];
  evidence(): Promise<readonly Evidence[]>;
  run(changes?: BenchRunChanges): Promise<RunOutcome & { readonly spentNanoUsd: bigint }>;
  /** The same rows, one call after the other. */
  runSingly(): Promise<RunOutcome>;
  ledger(): Ledger;
  close(): Promise<void>;
}

export type BenchRunChanges = Partial<BatchReplayOptions> & { readonly maxNanoUsd?: bigint | null };

interface BenchOptions {
  readonly tierCount?: 2 | 3;
  /** Share of a real upstream's time that it takes. */
  readonly timeScale?: number;
}

const START_MS = Date.UTC(2026, 10, 2);

/** A replay in batches on a real ledger and the simulated upstream, whose time a test moves. */
export async function openBatchBench(
  rowCount: number,
  { tierCount = 2, timeScale = 1 }: BenchOptions = {},
): Promise<BatchBench> {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-batches-"));
  const clock = createManualClock(START_MS);
  const ledger = await openLedger(
    { url: `sqlite:${join(folder, "ledger.db")}`, spillBytes: 1e8 },
    clock,
  );
  const provider = createSimulatedProvider({
    clock,
    timeScale,
    recordedCalls: 10_000,
    batchFaults: (call) => {
      const trouble = bench.trouble(call);
      if (REFUSALS.has(trouble.fault?.kind ?? "")) refused.add(call.index);
      return trouble;
    },
  });
  const refused = new Set<number>();
  const route = routeOf(tierCount);
  const protocol = createProtocol(route.protocol);
  const catalogue = createCatalogue();
  const askerOptions: ReplayAskerOptions = {
    ...{ route, protocol, catalogue, clock, onHead: () => undefined },
    providers: new Map([["anthropic", provider]]),
    timeoutsOf: () => ({ ...DEFAULT_TIMEOUTS, firstByteMs: 200, idleMs: 200 }),
  };
  const rows = rowsOf(rowCount, { route, protocol, catalogue, dataset: "week" });
  const newOptions = (maxNanoUsd: bigint | null): BatchReplayOptions =>
    optionsOf(rows, askerOptions, clock, maxNanoUsd);
  const bench: BatchBench = {
    rows,
    trouble: () => ({}),
    append: null,
    asked: () => provider.calls().flatMap((call) => (refused.has(call.index) ? [] : idsIn(call))),
    evidence: async () => (await ledger.evidence({}, 1_000)).rows,
    run: async ({ maxNanoUsd = null, ...changes } = {}) => {
      const settled = { ...newOptions(maxNanoUsd), ...changes };
      const used = { ...ledger, append: bench.append ?? ledger.append };
      const outcome = await runBatchReplay(used, createBatchAsker(askerOptions), settled);
      return { ...outcome, spentNanoUsd: settled.cap.spentNanoUsd };
    },
    runSingly: () =>
      runReplay(ledger, createReplayAsker(askerOptions), fromArray(rows), {
        ...newOptions(null),
        concurrency: 4,
        patience: { random: createRandom("patience") },
      }),
    ledger: () => ledger,
    close: async () => {
      await ledger.close();
      await provider.close();
      rmSync(folder, { recursive: true });
    },
  };
  return bench;
}

function optionsOf(
  rows: readonly ReplayRow[],
  { route, protocol, catalogue }: ReplayAskerOptions,
  clock: ManualClock,
  maxNanoUsd: bigint | null,
): BatchReplayOptions {
  const sleep = async (ms: number): Promise<void> => {
    clock.advance(ms);
  };
  return {
    ...{ route: route.name, dataset: "week", deepTier: route.tiers.length - 1 },
    ...{ promptHash: protocol.promptHash, propensity: 1, withBodies: true },
    ...{ comparison: "text", compare: idealComparison("text") },
    estimates: { route, protocol, catalogue, isBatch: true, atMs: START_MS },
    size: { requests: 4, bytes: 1e6 },
    rows: () => fromArray(rows),
    rowsOf: async (ids) =>
      new Map(rows.filter(({ itemId }) => ids.has(itemId)).map((row) => [row.itemId, row])),
    pace: createPace(clock, sleep),
    cap: createSpendCap(maxNanoUsd),
    newId: createIdSource("bat_", clock, systemRandomBytes),
    nowMs: () => clock.nowMs(),
    sleep,
    stop: new AbortController().signal,
    hurry: new AbortController().signal,
    onProgress: () => undefined,
  };
}

const MODELS = {
  2: ["claude-haiku-4-5", "claude-opus-4-7"],
  3: ["claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-7"],
} as const;

function routeOf(tierCount: 2 | 3): Route {
  return exampleRoute({
    tiers: MODELS[tierCount].map((model, tier) => {
      const threshold = tier === tierCount - 1 ? null : 0.8;
      return { model, provider: "anthropic", threshold };
    }),
  });
}

function rowsOf(
  count: number,
  rules: Pick<ReplayRules, "route" | "protocol" | "catalogue" | "dataset">,
): readonly ReplayRow[] {
  return Array.from({ length: count }, (_, index) => {
    const row = {
      id: `row-${String(index)}`,
      input: `Which clause applies? [task:legal_ambiguity#${String(index)}]`,
      ideal: "Clause 4.",
    };
    const line = { number: index + 1, text: JSON.stringify(row), problem: null };
    const sorted = sortReplayLine(line, { ...rules, task: null, model: null, maxTokens: 300 });
    if (sorted.kind !== "row") throw new Error(`no row: ${JSON.stringify(sorted)}`);
    return sorted.row;
  });
}

async function* fromArray(rows: readonly ReplayRow[]): AsyncGenerator<ReplayRow> {
  yield* rows;
}

/** Faults that leave everything as it was. */
const REFUSALS: ReadonlySet<string> = new Set(["status", "connect_refused", "connect_hang"]);

/** @returns for each request of a batch that was created: its id and model */
function idsIn({ path, body }: RecordedCall): readonly string[] {
  if (path !== "/v1/messages/batches" || body.length === 0) return [];
  const { requests } = JSON.parse(Buffer.from(body).toString()) as {
    requests: { custom_id: string; params: { model: string } }[];
  };
  return requests.map(({ custom_id: id, params }) => `${id} ${params.model}`);
}
