import { Command } from "commander";
import { requireDataset } from "../../compose/require-dataset.ts";
import { counted } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { EXIT } from "../cli-io.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { timeValue } from "../option-values.ts";
import { createPaint } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { createProgress } from "../progress.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";

interface PurgeOptions {
  readonly bodiesBefore?: number;
  readonly dataset?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

type PurgeCount = Awaited<ReturnType<OpenedLedger["datasetSize"]>>;

/** What is to go, counted before and after; null = was not asked for. */
interface PurgeTold {
  readonly oldBodies: number | null;
  readonly dataset: PurgeCount | null;
}

/** Deletes what the operator no longer wants to keep. */
export function purgeCommand(context: CommandContext): Command {
  const time = (text: string): number => timeValue(text, systemClock.nowMs());
  return new Command("purge")
    .summary("delete stored texts by age, or an imported data set")
    .description(
      "Counts what would go, asks, and deletes it. --bodies-before deletes stored prompts and " +
        "answers and nothing else. --dataset deletes the evidence of a data set with the verdicts " +
        "on it and its texts. Records of requests, their totals and the audits always stay.",
    )
    .option("--bodies-before <time>", "texts stored before then: 2026-11-01, or 30d ago", time)
    .option("--dataset <name>", "the evidence, verdicts and texts of this data set")
    .option("--dry-run", "count, and delete nothing")
    .option("--yes", "delete without asking, for scripts")
    .addHelpText(
      "after",
      examples([
        "leadsman purge --bodies-before 30d --dry-run",
        "leadsman purge --bodies-before 2026-11-01 --yes",
        "leadsman purge --dataset week-47",
      ]),
    )
    .action(async (options: PurgeOptions, self: Command) => {
      if (options.bodiesBefore === undefined && options.dataset === undefined) {
        self.error("error: wanted --bodies-before <time>, --dataset <name>, or both");
      }
      await readLedger(context, (ledger) => runPurge(context, ledger, options));
    });
}

async function runPurge(
  { io, settings, finish }: CommandContext,
  ledger: OpenedLedger,
  options: PurgeOptions,
): Promise<void> {
  const { dryRun: isDryRun = false, yes: isAgreed = false } = options;
  const found = await count(ledger, options);
  if (options.dataset !== undefined && found.dataset?.items === 0) {
    await requireDataset(ledger, options.dataset);
  }
  const isNothing = (found.oldBodies ?? 0) + (found.dataset?.items ?? 0) === 0;
  let deleted: PurgeTold | null = null;
  if (!isDryRun && !isNothing) {
    if (!isAgreed) {
      for (const line of describe(found, options)) io.note(`To be deleted: ${line}`);
      if (!(await askToDelete(io))) {
        io.note("Nothing was deleted.");
        finish(io.stopSignal.aborted ? EXIT.interrupted : EXIT.failure);
        return;
      }
    }
    deleted = await purge(io, ledger, options, found);
  }
  if (settings().json) {
    const { oldBodies, dataset } = deleted ?? found;
    printJson(io, { isDryRun, oldBodies, dataset });
    return;
  }
  const lead = isDryRun ? "Would delete" : "Deleted";
  for (const line of describe(deleted ?? found, options)) io.out(`${lead} ${line}`);
}

async function count(
  ledger: OpenedLedger,
  { bodiesBefore, dataset }: PurgeOptions,
): Promise<PurgeTold> {
  return {
    oldBodies: bodiesBefore === undefined ? null : await ledger.bodiesOlderThan(bodiesBefore),
    dataset: dataset === undefined ? null : await ledger.datasetSize(dataset),
  };
}

async function purge(
  io: CliIo,
  ledger: OpenedLedger,
  { bodiesBefore, dataset }: PurgeOptions,
  found: PurgeTold,
): Promise<PurgeTold> {
  const work = { total: found.dataset?.items ?? 0, what: "items" };
  const progress = createProgress(io, createPaint(io.hasColour), work, () =>
    systemClock.monotonicMs(),
  );
  try {
    return {
      dataset:
        dataset === undefined
          ? null
          : await ledger.purgeDataset(dataset, (items) => {
              progress.update(items);
            }),
      oldBodies: bodiesBefore === undefined ? null : await ledger.purgeBodies(bodiesBefore),
    };
  } finally {
    progress.end();
  }
}

/** @throws LeadsmanError `answer_wanted` where nobody can be asked */
async function askToDelete(io: CliIo): Promise<boolean> {
  if (!io.canAsk) {
    throw new LeadsmanError(
      "answer_wanted",
      "Nobody is there to be asked, so nothing was deleted. Add --yes to delete, or --dry-run to count.",
    );
  }
  io.note("It cannot be brought back. Delete it? Type yes and Enter:");
  const lines = io.openLines();
  try {
    const answer = await lines.next();
    return answer?.trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}

function describe({ oldBodies, dataset }: PurgeTold, options: PurgeOptions): readonly string[] {
  const lines: string[] = [];
  if (dataset !== null) {
    lines.push(
      `${counted(dataset.items, "item")} of data set ${options.dataset ?? ""}, with their ` +
        `verdicts and ${counted(dataset.bodies, "text")}.`,
    );
  }
  if (oldBodies !== null) {
    const before = new Date(options.bodiesBefore ?? 0).toISOString();
    lines.push(`${counted(oldBodies, "text")} stored before ${before}.`);
  }
  return lines;
}
