import { resolve } from "node:path";
import { Command, Option } from "commander";
import { importEvidence } from "../../compose/import-evidence.ts";
import type { ImportOrder, ImportPorts } from "../../compose/import-evidence.ts";
import { importLabels } from "../../compose/import-labels.ts";
import type { ImportReport } from "../../datasets/import/import-report.ts";
import type { LabelReport } from "../../datasets/labels/import-labels.ts";
import { counted, formatCount } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import { EXIT } from "../cli-io.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { nameValue } from "../option-values.ts";
import { createPaint } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { printableText } from "../printable-text.ts";
import { createProgress, type Progress } from "../progress.ts";

interface ImportCommandOptions {
  readonly route?: string;
  readonly task?: string;
  readonly dataset?: string;
  readonly bodies: boolean;
  readonly labels?: true;
}

/** Recorded answers and labels as evidence. */
export function importCommand(context: CommandContext): Command {
  return new Command("import")
    .summary("take recorded answers and labels in as evidence")
    .description(
      "Reads rows of recorded answers (JSON lines, plain or gzip), requests and results of " +
        "message batches, or evidence that was exported, and adds them to the ledger: everything " +
        "that can be understood, or nothing when it is interrupted. With --labels the files (JSON " +
        "lines or CSV) say which answers of the ledger are right: each row holds a request_id, and " +
        "correct. The same rows again add nothing. Refused rows are told with file and line, and " +
        "end it with exit code 1.",
    )
    .argument("<file...>", "files to read")
    .option("--route <name>", "for rows that name no route (default: the only one there is)")
    .option("--task <name>", "for rows that name no task", nameValue)
    .option("--dataset <name>", "name of the data set (default: that of the first file)", nameValue)
    .option("--no-bodies", "keep no prompts and answers")
    .addOption(
      new Option(
        "--labels",
        "the files hold labels of answers that are in the ledger; with --dataset their id is that " +
          "of its rows",
      ).conflicts(["task", "bodies"]),
    )
    .addHelpText(
      "after",
      examples([
        "leadsman import labelled.jsonl --route support",
        "leadsman import week.jsonl.gz --dataset week-47 --no-bodies",
        "leadsman import --labels verdicts.csv",
        "leadsman import --labels truth.jsonl --dataset week-47",
      ]),
    )
    .action((files: readonly string[], options: ImportCommandOptions) =>
      options.labels === true
        ? runLabelImport(context, files, options)
        : runImport(context, files, options),
    );
}

const KIB = 1024;

async function runImport(
  context: CommandContext,
  names: readonly string[],
  { route, task, dataset, bodies }: ImportCommandOptions,
): Promise<void> {
  const { io } = context;
  const { config } = openConfig(context);
  if (route !== undefined) requireRoute(config.routes, route);
  const order = {
    files: filesOf(io, names),
    route: route ?? null,
    task: task ?? null,
    dataset: dataset ?? null,
    withBodies: bodies,
  };
  const report = await withPorts(io, (ports) => importEvidence(config, order, systemClock, ports));
  finishImport(context, report, renderImport(report));
}

async function runLabelImport(
  context: CommandContext,
  names: readonly string[],
  { route, dataset }: ImportCommandOptions,
): Promise<void> {
  const { io } = context;
  const { config } = openConfig(context);
  if (route !== undefined) requireRoute(config.routes, route);
  const order = { files: filesOf(io, names), route: route ?? null, dataset: dataset ?? null };
  const report = await withPorts(io, (ports) => importLabels(config, order, systemClock, ports));
  finishImport(context, report, renderLabels(report));
}

function filesOf(io: CliIo, names: readonly string[]): ImportOrder["files"] {
  return names.map((name) => ({ name, path: resolve(io.workingDirectory, name) }));
}

/** Shows how much has been read while something runs. */
async function withPorts<Report>(
  io: CliIo,
  run: (ports: ImportPorts) => Promise<Report>,
): Promise<Report> {
  let progress: Progress | null = null;
  const tellBytes = (doneBytes: number, totalBytes: number): void => {
    const work = { total: Math.ceil(totalBytes / KIB), what: "KiB" };
    progress ??= createProgress(io, createPaint(io.hasColour), work, () =>
      systemClock.monotonicMs(),
    );
    progress.update(Math.ceil(doneBytes / KIB));
  };
  return run({ signal: io.stopSignal, tellBytes }).finally(() => progress?.end());
}

function finishImport(
  { io, settings, finish }: CommandContext,
  report: Pick<ImportReport, "problems" | "refused">,
  lines: readonly string[],
): void {
  for (const { file, line, code, message } of report.problems) {
    io.note(`${file}:${line} ${message} (${code})`);
  }
  const untold = report.refused - report.problems.length;
  if (untold > 0) io.note(`… and ${counted(untold, "more refused row")}.`);
  if (settings().json) printJson(io, report);
  else io.out(lines.join("\n"));
  if (report.refused > 0) finish(EXIT.failure);
}

function renderLabels(report: LabelReport): readonly string[] {
  const { rows, added, known, disputed, undrawn, refused, refusedByReason } = report;
  const unknown = refusedByReason.unknown_item ?? 0;
  return [
    `Read ${counted(rows, "label")}, added ${formatCount(added)}.`,
    ...countLines([
      [known, "were there already"],
      [disputed, "contradict an earlier label: those answers count as disputed"],
      [undrawn, "are about requests that were not drawn: they are shown, and enter no bound"],
      [unknown, "are about items that the ledger does not hold"],
      [refused - unknown, "were refused for other reasons"],
    ]),
  ];
}

function renderImport(
  report: ImportReport & { readonly route: string; readonly dataset: string },
): readonly string[] {
  const { added, known, promptsOnly, labelsAdded, labelsDisputed, refused } = report;
  return [
    `Read ${counted(report.rows, "row")}, added ${counted(added, "item")} to data set ` +
      `${printableText(report.dataset)} of route ${report.route}.`,
    ...countLines([
      [known, "were there already"],
      [labelsAdded, "labels came to items that had none"],
      [labelsDisputed, "labels contradict an earlier one: those answers count as disputed"],
      [promptsOnly, "hold a prompt without an answer, which is no evidence"],
      [
        report.unconfigured,
        `name a route that is not configured (${printableText(report.unconfiguredRoutes.join(", "))}): ` +
          "they are kept, and tune and check read none of them",
      ],
      [refused, "were refused"],
    ]),
  ];
}

/** Counts that are not zero, a line each. */
function countLines(
  counts: readonly (readonly [count: number, words: string])[],
): readonly string[] {
  return counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `  ${formatCount(count)} ${words}`);
}
