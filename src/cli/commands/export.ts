import { Command, Option } from "commander";
import { exportRequests, type ExportOptions } from "../../datasets/export-requests.ts";
import { requestCsvHeading, requestCsvLine } from "../../datasets/request-csv.ts";
import { formatCount } from "../../reports/format-number.ts";
import { systemClock } from "../../support/clock.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, requireRoute } from "../open-config.ts";
import { timeValue } from "../option-values.ts";
import { toJson } from "../print-json.ts";
import { readLedger } from "../read-ledger.ts";

type Format = "jsonl" | "csv";

interface ExportCommandOptions {
  readonly from?: number;
  readonly to?: number;
  readonly route?: string;
  readonly format: Format;
  readonly bodies?: boolean;
}

/** The records of the ledger, for other tools. */
export function exportCommand(context: CommandContext): Command {
  const time = (text: string): number => timeValue(text, systemClock.nowMs());
  return new Command("export")
    .summary("write the ledger's requests as JSON lines or CSV")
    .description(
      "Writes every request with its attempts, newest first, to standard output. Amounts of " +
        "money are whole nano-dollars (in JSON as strings of digits). Stored texts only with " +
        "--bodies.",
    )
    .option("--from <time>", "from then on: 2026-11-01, 2026-11-01T09:30Z, or 24h, 7d ago", time)
    .option("--to <time>", "before then", time)
    .option("--route <name>", "of this route only")
    .addOption(
      new Option("--format <format>", "jsonl has everything, csv a row per request")
        .choices(["jsonl", "csv"])
        .default("jsonl"),
    )
    .option("--bodies", "with the stored prompts and answers (jsonl only)")
    .addHelpText(
      "after",
      examples([
        "leadsman export --from 7d > week.jsonl",
        "leadsman export --route support --format csv > support.csv",
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
    if (options.format === "csv") io.out(requestCsvHeading());
    const count = await writePages(
      io,
      exportRequests(ledger, exportOptions(options)),
      options.format,
    );
    io.note(`Exported ${formatCount(count)} requests.`);
    // Routes of the past may still be in the ledger, so a name is only doubted when it gives none.
    const { route } = options;
    if (count === 0 && route !== undefined) requireRoute(openConfig(context).config.routes, route);
  });
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
  pages: ReturnType<typeof exportRequests>,
  format: Format,
): Promise<number> {
  let count = 0;
  let told = 0;
  for await (const page of pages) {
    for (const request of page) {
      io.out(format === "csv" ? requestCsvLine(request) : toJson(request));
    }
    count += page.length;
    if (io.stopSignal.aborted || !(await io.flush())) break;
    if (io.isInteractive && count - told >= TELL_EVERY) {
      io.note(`… ${formatCount(count)} requests`);
      told = count;
    }
  }
  return count;
}
