import { Command } from "commander";
import {
  buildReceiptReport,
  newestReceiptId,
  type ReceiptReport,
} from "../../reports/receipt-report.ts";
import { reportJson } from "../../reports/report-json.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { CommandContext } from "../command-context.ts";
import { createOutputPaint } from "../output-paint.ts";
import { examples } from "../examples.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";
import { renderReceipt } from "../render-receipt.ts";

/** Prints everything about one request. */
export function receiptCommand(context: CommandContext): Command {
  return new Command("receipt")
    .summary("show what one request did and cost")
    .description(
      "Shows one request: what was decided and why, each upstream call with its tokens, cost and " +
        "times, and what the deep model alone would have cost. The id is in the response header " +
        "x-leadsman-id.",
    )
    .argument("[id]", "id of the request")
    .option("--last", "the newest message call")
    .addHelpText("after", examples(["leadsman receipt --last", "leadsman receipt req_… --json"]))
    .action((id: string | undefined, { last }: { readonly last?: boolean }, command: Command) => {
      if ((id === undefined) !== (last === true)) {
        command.error("error: wanted either the id of a request or --last");
      }
      return printReceipt(context, id ?? null);
    });
}

async function printReceipt(context: CommandContext, id: string | null): Promise<void> {
  const { io, settings } = context;
  await readLedger(context, async (ledger) => {
    const report = await findReceipt(ledger, id);
    io.out(
      settings().json
        ? reportJson("receipt", report, 2)
        : renderReceipt(report, createOutputPaint(io)),
    );
  });
}

async function findReceipt(ledger: OpenedLedger, id: string | null): Promise<ReceiptReport> {
  const wanted = id ?? (await newestReceiptId(ledger));
  const report = wanted === null ? null : await buildReceiptReport(ledger, wanted);
  if (report !== null) return report;
  throw new LeadsmanError(
    "receipt_missing",
    wanted === null
      ? "The ledger holds no message call yet."
      : `The ledger holds no request "${wanted}". \`leadsman receipt --last\` shows the newest.`,
  );
}
