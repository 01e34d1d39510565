import { Command, Option } from "commander";
import { readItemPairs, readPairs, type PairFilter } from "../../compose/read-pairs.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { requireRoute } from "../open-config.ts";
import { timeValue, wholeNumberValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { printJson, toJson } from "../print-json.ts";
import { readLedger } from "../read-ledger.ts";
import { renderItem, renderPairLines } from "../render-pair.ts";

interface PairsOptions {
  readonly differs?: boolean;
  readonly wrong?: boolean;
  readonly disputed?: boolean;
  readonly task?: string;
  readonly class?: string;
  readonly since?: number;
  readonly limit?: number;
}

/** Both answers to a request, side by side. */
export function pairsCommand(context: CommandContext): Command {
  return new Command("pairs")
    .summary("look at cheap and deep answers side by side")
    .description(
      "Lists what both models answered, newest first, with confidence and grades; with the id of a " +
        "request or an item, that one in full. To judge answers use `leadsman grade`, which does " +
        "not say whose they are: who knows the confidence is swayed by it, and whoever grades what " +
        "caught their eye draws no random sample.",
    )
    .argument("[route-or-id]", "name of a route (default: all), or the id of a request or an item")
    .addOption(new Option("--differs", "only pairs that the comparator says differ"))
    .addOption(new Option("--wrong", "only wrong cheap answers").conflicts("differs"))
    .addOption(
      new Option("--disputed", "only those on which graders of one kind disagree").conflicts([
        "differs",
        "wrong",
      ]),
    )
    .option("--task <name>", "only this task")
    .option("--class <name>", "only this class of input, such as length:short")
    .option("--since <time>", "from then on: 24h, 7d, 2026-11-01 (default: all)", (text) =>
      timeValue(text, systemClock.nowMs()),
    )
    .option("--limit <n>", "at most so many (default: 20)", wholeNumberValue)
    .addHelpText(
      "after",
      examples(["leadsman pairs support --wrong", "leadsman pairs req_…", "leadsman --json pairs"]),
    )
    .action((subject: string | undefined, options: PairsOptions) =>
      runPairs(context, subject, options),
    );
}

const DEFAULT_LIMIT = 20;

async function runPairs(
  context: CommandContext,
  subject: string | undefined,
  options: PairsOptions,
): Promise<void> {
  const { io, settings, finish } = context;
  const isJson = settings().json;
  const paint = createOutputPaint(io);
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (limit < 1) throw new LeadsmanError("usage", "Wanted a --limit of at least 1.");
  await readLedger(context, async (ledger, { routes }) => {
    const isRoute = subject === undefined || routes.some(({ name }) => name === subject);
    const item = isRoute ? null : await readItemPairs(ledger, subject);
    if (item !== null) {
      if (isJson) printJson(io, item);
      else io.out(renderItem(item, paint, io.columns));
      return;
    }
    if (!isRoute && /^(req|itm)_/.test(subject)) {
      io.note(
        `There is no pair of ${subject}: nobody drew it, or its second answer has not come. ` +
          "`leadsman receipt` shows every request.",
      );
      finish(EXIT.failure);
      return;
    }
    if (subject !== undefined) requireRoute(routes, subject);
    let shown = 0;
    for await (const pair of readPairs(ledger, filterOf(subject, options), limit)) {
      if (isJson) io.out(toJson(pair));
      else io.out(`${shown === 0 ? "" : "\n"}${renderPairLines(pair, paint, io.columns)}`);
      shown += 1;
      if (io.stopSignal.aborted || !(await io.flush())) return;
    }
    if (shown === 0) io.note("There is no such pair.");
    else if (shown === limit) io.note(`\nThe newest ${shown}; --limit shows more.`);
  });
}

function filterOf(
  route: string | undefined,
  { differs, wrong, disputed, task, class: inputClass, since }: PairsOptions,
): PairFilter {
  const where =
    differs === true ? "differs" : wrong === true ? "wrong" : disputed === true ? "disputed" : null;
  return {
    ...(route === undefined ? {} : { route }),
    ...(where === null ? {} : { where }),
    ...(task === undefined ? {} : { task }),
    ...(inputClass === undefined ? {} : { inputClass }),
    ...(since === undefined ? {} : { fromMs: since }),
  };
}
