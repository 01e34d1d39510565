import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { NanoUsd } from "../../cascade/receipt.ts";
import { dropBatches, type DroppedBatches } from "../../compose/drop-batches.ts";
import {
  planDatasetReplay,
  replayDataset,
  type ReplayFrame,
} from "../../compose/replay-dataset.ts";
import type { ReplayOrder } from "../../compose/replay-order.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import {
  IDEAL_COMPARISONS,
  type IdealComparisonName,
} from "../../datasets/replay/ideal-comparison.ts";
import { counted } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { countValue, nameValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { createPaint } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { createProgress, type Progress } from "../progress.ts";
import { describeEnd, renderReplay, renderReplayPlan, replayJson } from "../render-replay.ts";
import { createAwaitedNotes, createReplayPace } from "../replay-pace.ts";

interface ReplayOptions {
  readonly route?: string;
  readonly task?: string;
  readonly dataset?: string;
  readonly count?: number;
  readonly seed: string;
  readonly maxUsd: NanoUsd | null;
  readonly concurrency: number;
  readonly model?: string;
  readonly maxTokens: number;
  readonly compare: IdealComparisonName;
  readonly bodies: boolean;
  readonly batch?: boolean;
  readonly dropBatches?: boolean;
  readonly dryRun?: boolean;
}

const DEFAULT_MAX_NANO_USD = 5_000_000_000n;
const DEFAULT_CONCURRENCY = 4;
/** What a short answer needs, with room. */
const DEFAULT_MAX_TOKENS = 4_096;

/** Asks the models of a route about a data set. */
export function replayCommand(context: CommandContext): Command {
  return new Command("replay")
    .summary("ask all models of a route about a data set")
    .description(
      "Asks every model of a route about each row of the files (JSON lines, plain or gzip: input, " +
        "messages, request, batch requests, or exported evidence with bodies) and keeps the " +
        "answers as evidence. Each answer is kept as soon as it is there: the same command again " +
        "asks what is missing and nothing twice. Costs money, at most what --max-usd says; " +
        "--dry-run tells how much before. Exit code 1 when rows were refused or left out.",
    )
    .argument("<file...>", "files to read")
    .option("--route <name>", "route whose models are asked (default: the only one there is)")
    .option("--task <name>", "for rows that name no task", nameValue)
    .option("--dataset <name>", "name of the data set (default: that of the first file)", nameValue)
    .option("--count <rows>", "ask a random part of the rows, so many", countValue)
    .option("--seed <text>", "which rows --count draws; a larger draw holds a smaller", "leadsman")
    .addOption(
      new Option("--max-usd <amount>", "stop before this run could spend more; or none")
        .argParser(capValue)
        .default(DEFAULT_MAX_NANO_USD, "5"),
    )
    .option("--concurrency <rows>", "rows asked at one time", countValue, DEFAULT_CONCURRENCY)
    .option("--model <id>", "for rows without one, where the last tier is the model requested")
    .option("--max-tokens <tokens>", "for rows that do not say", countValue, DEFAULT_MAX_TOKENS)
    .addOption(
      new Option("--compare <how>", "what decides whether an answer is the row's ideal one")
        .choices(IDEAL_COMPARISONS)
        .default("text"),
    )
    .option("--no-bodies", "keep no prompts and answers")
    .option("--batch", "ask in batches: cheaper, answered within a day, mostly within an hour")
    .addOption(
      new Option(
        "--drop-batches",
        "give up batches under way, so that their rows can be asked anew",
      ).conflicts(["batch", "dryRun"]),
    )
    .option("--dry-run", "count rows, tokens and money, and send nothing")
    .option("--resume", "go on where a run ended; it is what happens anyway")
    .addHelpText(
      "after",
      examples([
        "leadsman replay cases.jsonl --route support --dry-run",
        "leadsman replay cases.jsonl --route support --count 200 --max-usd 2",
        "leadsman replay cases.jsonl --route support --max-usd 20 --concurrency 8",
        "leadsman replay cases.jsonl --route support --max-usd 20 --batch",
      ]),
    )
    .action((files: readonly string[], options: ReplayOptions) =>
      runReplayCommand(context, files, options),
    );
}

async function runReplayCommand(
  context: CommandContext,
  names: readonly string[],
  options: ReplayOptions,
): Promise<void> {
  const { io, settings, finish } = context;
  const { config } = openConfig(context);
  if (options.route !== undefined) requireRoute(config.routes, options.route);
  const order = orderOf(names, options, io.workingDirectory);
  const paint = createOutputPaint(io);
  if (options.dropBatches === true) {
    await runDropBatches(context, config, order);
    return;
  }
  if (options.dryRun === true) {
    const planned = await planDatasetReplay(config, order, systemClock, io.stopSignal);
    tellProblems(context, planned);
    if (settings().json) printJson(io, replayJson(planned));
    else io.out(renderReplayPlan(planned, order, paint));
    return;
  }
  let progress: Progress | null = null;
  const pace = createReplayPace(() => systemClock.monotonicMs());
  const tellAwaited = createAwaitedNotes(io.note);
  const onStop = (): void => {
    io.note(
      order.isBatch
        ? "Stopping: batches under way go on, and the same command books what they bring."
        : "Stopping: calls in flight may end, so that their answers are kept. Again: at once.",
    );
  };
  io.stopSignal.addEventListener("abort", onStop, { once: true });
  const run = await replayDataset(config, order, systemClock, {
    stop: io.stopSignal,
    onProgress: (told, rows) => {
      progress ??= createProgress(
        io,
        createPaint(io.hasColour),
        { total: rows, what: "rows" },
        () => systemClock.monotonicMs(),
      );
      progress.update(told.done, pace.describe(told, rows));
      if (!io.isInteractive) tellAwaited(told);
    },
  }).finally(() => {
    progress?.end();
    io.stopSignal.removeEventListener("abort", onStop);
  });
  tellProblems(context, run);
  if (settings().json) printJson(io, replayJson(run));
  else io.out(renderReplay(run, paint));
  const ending = describeEnd(run);
  if (ending !== null) io.note(ending);
  if (run.end.kind === "interrupted") finish(EXIT.interrupted);
  else if (!isWell(run.end.kind) || run.tally.leftOutRows > 0) finish(EXIT.failure);
  else if (run.survey.problems.refused > 0) finish(EXIT.failure);
}

async function runDropBatches(
  { io, settings, finish }: CommandContext,
  config: LeadsmanConfig,
  order: ReplayOrder,
): Promise<void> {
  const dropped = await dropBatches(config, order, systemClock, io.stopSignal);
  for (const { message } of dropped.troubles) {
    io.note(`A batch could not be told to stop, and may go on to cost money: ${message}`);
  }
  if (settings().json) printJson(io, dropped);
  else io.out(describeDropped(dropped));
  if (dropped.troubles.length > 0) finish(EXIT.failure);
}

function describeDropped({ batches, requests, dataset }: DroppedBatches): string {
  if (batches === 0) return `No batch of data set ${dataset} is under way, so none was given up.`;
  return (
    `Gave up ${counted(batches, "batch", "batches")} of data set ${dataset} with ` +
    `${counted(requests, "request")}. Their rows are asked anew by the next replay.`
  );
}

function isWell(end: string): boolean {
  return end === "finished" || end === "over_budget";
}

function orderOf(
  names: readonly string[],
  options: ReplayOptions,
  workingDirectory: string,
): ReplayOrder {
  return {
    files: names.map((name) => ({ name, path: resolve(workingDirectory, name) })),
    route: options.route ?? null,
    task: options.task ?? null,
    dataset: options.dataset ?? null,
    count: options.count ?? null,
    seed: options.seed,
    maxNanoUsd: options.maxUsd,
    concurrency: options.concurrency,
    model: options.model ?? null,
    maxTokens: options.maxTokens,
    withBodies: options.bodies,
    comparison: options.compare,
    isBatch: options.batch === true,
  };
}

function tellProblems({ io }: CommandContext, { survey: { problems } }: ReplayFrame): void {
  for (const { file, line, code, message } of problems.first) {
    io.note(`${file}:${line} ${message} (${code})`);
  }
  const untold = problems.refused - problems.first.length;
  if (untold > 0) io.note(`… and ${counted(untold, "more refused row")}.`);
}

const NANO_PER_USD = 1e9;

/** Reads an amount of dollars, or `none`. */
function capValue(text: string): NanoUsd | null {
  if (text === "none") return null;
  const amount = Number(text.replace(/^\$/, ""));
  if (text.trim() !== "" && amount > 0 && amount < 1e6) {
    return BigInt(Math.round(amount * NANO_PER_USD));
  }
  throw new InvalidArgumentError("Wanted dollars above 0, such as 5 or 0.50, or none.");
}
