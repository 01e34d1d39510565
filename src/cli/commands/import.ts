import { resolve } from "node:path";
import { Command } from "commander";
import { importEvidence } from "../../compose/import-evidence.ts";
import type { ImportReport } from "../../datasets/import/import-report.ts";
import { formatCount } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { createPaint } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { createProgress, type Progress } from "../progress.ts";

interface ImportCommandOptions {
  readonly route?: string;
  readonly task?: string;
  readonly dataset?: string;
  readonly bodies: boolean;
}

/** Recorded answers and labels as evidence. */
export function importCommand(context: CommandContext): Command {
  return new Command("import")
    .summary("take recorded answers and labels in as evidence")
    .description(
      "Reads rows of recorded answers (JSON lines, plain or gzip), requests and results of " +
        "message batches, or evidence that was exported, and adds them to the ledger: everything " +
        "that can be understood, or nothing when it is interrupted. The same rows again add " +
        "nothing. Refused rows are told with file and line, and end it with exit code 1.",
    )
    .argument("<file...>", "files to read")
    .option("--route <name>", "for rows that name no route (default: the only one there is)")
    .option("--task <name>", "for rows that name no task")
    .option("--dataset <name>", "name of the data set (default: that of the first file)")
    .option("--no-bodies", "keep no prompts and answers")
    .addHelpText(
      "after",
      examples([
        "leadsman import labelled.jsonl --route support",
        "leadsman import week.jsonl.gz --dataset week-47 --no-bodies",
      ]),
    )
    .action((files: readonly string[], options: ImportCommandOptions) =>
      runImport(context, files, options),
    );
}

const KIB = 1024;

async function runImport(
  context: CommandContext,
  names: readonly string[],
  { route, task, dataset, bodies }: ImportCommandOptions,
): Promise<void> {
  const { io, settings } = context;
  const { config } = openConfig(context);
  if (route !== undefined) requireRoute(config.routes, route);
  let progress: Progress | null = null;
  const tellBytes = (doneBytes: number, totalBytes: number): void => {
    const work = { total: Math.ceil(totalBytes / KIB), what: "KiB" };
    progress ??= createProgress(io, createPaint(io.hasColour), work, () =>
      systemClock.monotonicMs(),
    );
    progress.update(Math.ceil(doneBytes / KIB));
  };
  const order = {
    files: names.map((name) => ({ name, path: resolve(io.workingDirectory, name) })),
    route: route ?? null,
    task: task ?? null,
    dataset: dataset ?? null,
    withBodies: bodies,
  };
  const ports = { signal: io.stopSignal, tellBytes };
  const report = await importEvidence(config, order, systemClock, ports).finally(() =>
    progress?.end(),
  );
  for (const { file, line, code, message } of report.problems) {
    io.note(`${file}:${line} ${message} (${code})`);
  }
  const untold = report.refused - report.problems.length;
  if (untold > 0) io.note(`… and ${formatCount(untold)} more refused rows.`);
  if (settings().json) printJson(io, report);
  else io.out(renderImport(report).join("\n"));
  if (report.refused > 0) context.finish(EXIT.failure);
}

function renderImport(
  report: ImportReport & { readonly route: string; readonly dataset: string },
): readonly string[] {
  const { added, known, promptsOnly, labelsAdded, labelsDisputed, refused } = report;
  const parts: readonly (readonly [count: number, words: string])[] = [
    [known, "were there already"],
    [labelsAdded, "labels came to items that had none"],
    [labelsDisputed, "labels contradict an earlier one: those answers count as disputed"],
    [promptsOnly, "hold a prompt without an answer, which is no evidence"],
    [refused, "were refused"],
  ];
  return [
    `Read ${formatCount(report.rows)} rows, added ${formatCount(added)} items to data set ` +
      `${report.dataset} of route ${report.route}.`,
    ...parts
      .filter(([count]) => count > 0)
      .map(([count, words]) => `  ${formatCount(count)} ${words}`),
  ];
}
