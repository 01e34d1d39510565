import { Command, Option } from "commander";
import { exportEvidence } from "../../datasets/export-evidence.ts";
import { exportRequests, type ExportOptions } from "../../datasets/export-requests.ts";
import { requestCsvHeading, requestCsvLine } from "../../datasets/request-csv.ts";
import { evidenceCsvHeading, evidenceCsvLine } from "../../datasets/rows/evidence-csv.ts";
import { evidenceLine } from "../../datasets/rows/evidence-row.ts";
import { counted } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { timeValue } from "../option-values.ts";
import { toJson } from "../print-json.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";

type Format = "jsonl" | "csv";

interface ExportCommandOptions {
  readonly from?: number;
  readonly to?: number;
  readonly route?: string;
  readonly format: Format;
  readonly evidence?: boolean;
  readonly bodies?: boolean;
}

/** The records of the ledger, for other tools. */
export function exportCommand(context: CommandContext): Command {
  const time = (text: string): number => timeValue(text, systemClock.nowMs());
  return new Command("export")
    .summary("write the ledger's requests or evidence as JSON lines or CSV")
    .description(
      "Writes every request with its attempts, newest first, to standard output. Amounts of " +
        "money are whole nano-dollars (in JSON as strings of digits). Stored texts only with " +
        "--bodies. With --evidence it writes what was compared and graded instead, in the form " +
        "that `leadsman import` takes.",
    )
    .option("--from <time>", "from then on: 2026-11-01, 2026-11-01T09:30Z, or 24h, 7d ago", time)
    .option("--to <time>", "before then", time)
    .option("--route <name>", "of this route only")
    .addOption(
      new Option("--format <format>", "jsonl has everything, csv no texts and no lists")
        .choices(["jsonl", "csv"])
        .default("jsonl"),
    )
    .option("--evidence", "the evidence, a row per item and tier, to be imported elsewhere")
    .option("--bodies", "with the stored prompts and answers (jsonl only)")
    .addHelpText(
      "after",
      examples([
        "leadsman export --from 7d > week.jsonl",
        "leadsman export --route support --format csv > support.csv",
        "leadsman export --evidence --bodies > evidence.jsonl",
      ]),
    )
    .action((options: ExportCommandOptions, self: Command) => {
      if (options.bodies === true && options.format === "csv") {
        self.error("error: bodies do not fit into CSV; use --format jsonl");
      }
      return runExport(context, options);
    });
}

async function runExport(context: CommandContext, options: ExportCommandOptions): Promise<void> {
  const { io } = context;
  await readLedger(context, async (ledger) => {
    const { what, heading, lines } = linesOf(ledger, options);
    if (heading !== null) io.out(heading);
    const count = await writePages(io, lines, what);
    io.note(`Exported ${counted(count, what)}.`);
    // Routes of the past may still be in the ledger, so a name is only doubted when it gives none.
    const { route } = options;
    if (count === 0 && route !== undefined) requireRoute(openConfig(context).config.routes, route);
  });
}

interface ExportLines {
  /** What a line is about. */
  readonly what: "item" | "request";
  readonly heading: string | null;
  readonly lines: AsyncIterable<readonly string[]>;
}

function linesOf(ledger: OpenedLedger, options: ExportCommandOptions): ExportLines {
  const isCsv = options.format === "csv";
  if (options.evidence === true) {
    return {
      what: "item",
      heading: isCsv ? evidenceCsvHeading() : null,
      lines: eachLine(exportEvidence(ledger, exportOptions(options)), (item) =>
        isCsv ? evidenceCsvLine(item.evidence) : evidenceLine(item),
      ),
    };
  }
  return {
    what: "request",
    heading: isCsv ? requestCsvHeading() : null,
    lines: eachLine(exportRequests(ledger, exportOptions(options)), (request) =>
      isCsv ? requestCsvLine(request) : toJson(request),
    ),
  };
}

async function* eachLine<Row>(
  pages: AsyncIterable<readonly Row[]>,
  lineOf: (row: Row) => string,
): AsyncGenerator<readonly string[]> {
  for await (const page of pages) yield page.map(lineOf);
}

function exportOptions({ from, to, route, bodies }: ExportCommandOptions): ExportOptions {
  return {
    filter: {
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
      ...(route === undefined ? {} : { route }),
    },
    withBodies: bodies === true,
  };
}

const TELL_EVERY = 10_000;

/** @returns how many were written, fewer than there are when the reader left or the user stopped */
async function writePages(
  io: CliIo,
  pages: AsyncIterable<readonly string[]>,
  what: string,
): Promise<number> {
  let count = 0;
  let told = 0;
  for await (const page of pages) {
    for (const line of page) io.out(line);
    count += page.length;
    if (io.stopSignal.aborted || !(await io.flush())) break;
    if (io.isInteractive && count - told >= TELL_EVERY) {
      io.note(`… ${counted(count, what)}`);
      told = count;
    }
  }
  return count;
}
