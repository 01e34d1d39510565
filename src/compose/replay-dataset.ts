import { createCatalogue } from "../catalogue/catalogue.ts";
import type { NanoUsd } from "../catalogue/cost.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { LeadsmanConfig, RouteConfig } from "../config/config.ts";
import type { EstimateContext } from "../datasets/replay/estimate-cost.ts";
import { idealComparison } from "../datasets/replay/ideal-comparison.ts";
import { createPace } from "../datasets/replay/pace.ts";
import { planReplay, type ReplayPlan } from "../datasets/replay/plan-replay.ts";
import {
  drawnRows,
  rowsOf,
  surveyRows,
  type RowSurvey,
} from "../datasets/replay/read-replay-rows.ts";
import { tierModelOf, type ReplayRow, type ReplayRules } from "../datasets/replay/replay-row.ts";
import type { ReplayTally } from "../datasets/replay/replay-tally.ts";
import { BATCH_SIZE } from "../datasets/replay/batch/open-requests.ts";
import { runBatchReplay } from "../datasets/replay/batch/run-batch-replay.ts";
import {
  runReplay,
  type ReplayEnd,
  type ReplayProgress,
  type ReplayRunOptions,
  type RunOutcome,
} from "../datasets/replay/run-replay.ts";
import { createSpendCap } from "../datasets/replay/spend-cap.ts";
import { openLineFile, type LineFile } from "../datasets/rows/line-file.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { createRandom } from "../support/random.ts";
import { sleep } from "../support/sleep.ts";
import { systemRandomBytes } from "../support/system-random.ts";
import { routeOf } from "./import-evidence.ts";
import { openExistingLedger } from "./open-existing-ledger.ts";
import { openLedger } from "./open-ledger.ts";
import { openProviders } from "./open-providers.ts";
import { requireNoBatches } from "./drop-batches.ts";
import { createBatchAsker } from "./replay-batch-asker.ts";
import { datasetOf, timeoutsOf, type ReplayOrder } from "./replay-order.ts";
import { createReplayAsker, type ReplayAskerOptions } from "./replay-tier-asker.ts";

/** What every answer about a replay begins with. */
export interface ReplayFrame {
  readonly route: string;
  readonly dataset: string;
  readonly survey: RowSurvey;
  /** Of each tier, as it is configured. */
  readonly models: readonly string[];
}

export interface PlannedReplay extends ReplayFrame {
  readonly plan: ReplayPlan;
}

export interface RunReplay extends ReplayFrame {
  readonly end: ReplayEnd;
  readonly tally: ReplayTally;
  /** By this run alone. */
  readonly spentNanoUsd: NanoUsd;
  readonly unpricedCalls: number;
  readonly isSimulated: boolean;
  /** Requests whose answers are still to come, for a later run to book. */
  readonly awaitedRequests: number;
}

export interface ReplayPorts {
  /** The user asks to stop. */
  readonly stop: AbortSignal;
  readonly onProgress: (progress: ReplayProgress, rows: number) => void;
}

/** After a stop was asked for, calls in flight may take so long; what they cost is then kept. */
const GRACE_MS = 60_000;

/**
 * Says what a replay would do and cost. Sends nothing, writes nothing.
 *
 * @throws LeadsmanError as `replayDataset`, but for what only calls need
 */
export async function planDatasetReplay(
  config: LeadsmanConfig,
  order: ReplayOrder,
  clock: Clock,
  stop: AbortSignal,
): Promise<PlannedReplay> {
  const opened = await openReplay(config, order, clock, stop);
  const { frame, files, rules, estimates } = opened;
  const ledger = await openExistingLedger(config.ledger, clock);
  try {
    const rows = drawnRows(files, rules, frame.survey.draw, order.seed, stop);
    return { ...frame, plan: await planReplay(ledger, rows, estimates) };
  } finally {
    await ledger?.close();
  }
}

/**
 * Asks all models of a route about the rows of files and keeps their answers as evidence.
 *
 * @throws LeadsmanError `key_wanted`, `unpriced`, `route_wanted`, `route_unknown`, `file_missing`,
 *   `batches_open`, `interrupted` while the rows are being read, or one of the ledger's
 */
export async function replayDataset(
  config: LeadsmanConfig,
  order: ReplayOrder,
  clock: Clock,
  { stop, onProgress }: ReplayPorts,
): Promise<RunReplay> {
  requireKeys(config, routeOf(config.routes, order.route));
  const opened = await openReplay(config, order, clock, stop);
  const { frame, rules, estimates, route } = opened;
  if (order.maxNanoUsd !== null) requirePrices(frame, route, estimates);
  const pace = createPace(clock, sleep);
  const cap = createSpendCap(order.maxNanoUsd);
  const hurry = new AbortController();
  const isOver = new AbortController();
  const onStop = (): void => {
    void sleep(GRACE_MS, isOver.signal).then(() => {
      hurry.abort();
    });
  };
  stop.addEventListener("abort", onStop, { once: true });
  let isSimulated = false;
  const providers = openProviders(config);
  const ledger = await openLedger(config.ledger, clock);
  try {
    if (!order.isBatch) await requireNoBatches(ledger, frame);
    const askerOptions: ReplayAskerOptions = {
      route,
      protocol: rules.protocol,
      catalogue: rules.catalogue,
      providers,
      timeoutsOf: (name) => timeoutsOf(config, name),
      clock,
      onHead: (_status, headers) => {
        pace.hear(headers);
        isSimulated ||= headers["x-leadsman-simulated"] !== undefined;
      },
    };
    const run: SharedRunOptions = {
      route: frame.route,
      dataset: frame.dataset,
      deepTier: route.tiers.length - 1,
      promptHash: rules.protocol.promptHash,
      propensity: frame.survey.draw.propensity,
      withBodies: order.withBodies,
      compare: idealComparison(order.comparison),
      comparison: order.comparison,
      estimates,
      pace,
      cap,
      nowMs: () => clock.nowMs(),
      stop,
      hurry: hurry.signal,
      onProgress: (progress) => {
        onProgress(progress, frame.survey.draw.rows);
      },
    };
    const parts = { ledger, askerOptions, run, clock, isOver: isOver.signal };
    const { end, tally, awaitedRequests } = await runOrder(order, opened, parts);
    const { spentNanoUsd, unpricedCalls } = cap;
    isSimulated ||= route.tiers.some(({ provider }) => providers.get(provider)?.isSimulated);
    return { ...frame, end, tally, spentNanoUsd, unpricedCalls, isSimulated, awaitedRequests };
  } finally {
    stop.removeEventListener("abort", onStop);
    isOver.abort();
    await ledger.close();
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  }
}

/** What a run is told whichever way it asks. */
type SharedRunOptions = Omit<ReplayRunOptions, "concurrency" | "patience">;

interface RunParts {
  readonly ledger: Ledger;
  readonly askerOptions: ReplayAskerOptions;
  readonly run: SharedRunOptions;
  readonly clock: Clock;
  /** Aborted when the run is over. */
  readonly isOver: AbortSignal;
}

function runOrder(
  order: ReplayOrder,
  { files, rules, frame }: OpenedReplay,
  { ledger, askerOptions, run, clock, isOver }: RunParts,
): Promise<RunOutcome> {
  // A stop is for whoever takes the rows: it must not break off the reading of one.
  const rows = (): AsyncGenerator<ReplayRow> =>
    drawnRows(files, rules, frame.survey.draw, order.seed, isOver);
  if (order.isBatch) {
    return runBatchReplay(ledger, createBatchAsker(askerOptions), {
      ...run,
      rows,
      rowsOf: (itemIds) => rowsOf(files, rules, itemIds, isOver),
      size: BATCH_SIZE,
      newId: createIdSource("bat_", clock, systemRandomBytes),
      sleep,
    });
  }
  return runReplay(ledger, createReplayAsker(askerOptions), rows(), {
    ...run,
    concurrency: order.concurrency,
    patience: { random: createRandom(`${order.seed}/patience`) },
  });
}

interface OpenedReplay {
  readonly frame: ReplayFrame;
  readonly route: RouteConfig;
  readonly files: readonly LineFile[];
  readonly rules: ReplayRules;
  readonly estimates: EstimateContext;
}

async function openReplay(
  { routes, prices }: LeadsmanConfig,
  order: ReplayOrder,
  clock: Clock,
  stop: AbortSignal,
): Promise<OpenedReplay> {
  const route = routeOf(routes, order.route);
  const files = await Promise.all(order.files.map(({ name, path }) => openLineFile(name, path)));
  const dataset = datasetOf(order);
  const catalogue = createCatalogue({ overrides: prices });
  const protocol = createProtocol(route.protocol);
  const { task, model, maxTokens } = order;
  const rules = { route, protocol, catalogue, dataset, task, model, maxTokens };
  const survey = await surveyRows(files, rules, order, stop);
  const models = route.tiers.map((tier) => tier.model);
  return {
    frame: { route: route.name, dataset, survey, models },
    route,
    files,
    rules,
    estimates: { route, protocol, catalogue, isBatch: order.isBatch, atMs: clock.nowMs() },
  };
}

/** @throws LeadsmanError `key_wanted` unless each tier's provider can be called without a client */
function requireKeys({ providers }: LeadsmanConfig, { tiers }: RouteConfig): void {
  for (const { provider: name } of tiers) {
    const provider = providers[name];
    if (provider === undefined || provider.kind === "simulated") continue;
    if (provider.auth.kind === "api_key") continue;
    throw new LeadsmanError(
      "key_wanted",
      `A replay calls the models itself, so provider "${name}" needs a key of its own, but it ` +
        `passes the clients' keys through. Set providers.${name}.apiKey to ` +
        '"${ANTHROPIC_API_KEY}" in leadsman.yaml.',
    );
  }
}

/** @throws LeadsmanError `unpriced`: a cap on money that nobody can count would hold nothing */
function requirePrices(
  { survey }: ReplayFrame,
  route: RouteConfig,
  { catalogue, isBatch, atMs }: EstimateContext,
): void {
  const price = { isBatch, geo: null, speed: null, atMs };
  for (const requested of survey.requestedModels) {
    for (let tier = 0; tier < route.tiers.length; tier += 1) {
      const model = tierModelOf(route, tier, requested);
      if (catalogue.cost(model, ONE_TOKEN, price).isPriced) continue;
      throw new LeadsmanError(
        "unpriced",
        `No price is known for ${model}, so no cap on spending can be kept. Set its price under ` +
          "prices in leadsman.yaml, or say --max-usd none.",
      );
    }
  }
}

const ONE_TOKEN = {
  inputTokens: 1,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 1,
};
