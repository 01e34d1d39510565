import { Command } from "commander";
import {
  calculateSavings,
  type CallPrices,
  type SavingsCalculation,
} from "../../reports/savings/calculate-savings.ts";
import { reportJson } from "../../reports/report-json.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig } from "../open-config.ts";
import { shareValue, wholeNumberValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { renderSavings } from "../render-savings.ts";

interface SavingsOptions {
  readonly requests: number;
  readonly input: number;
  readonly output: number;
  readonly ship: number;
  readonly cheap?: string;
  readonly deep?: string;
  readonly cheapInputPrice?: string;
  readonly cheapOutputPrice?: string;
  readonly deepInputPrice?: string;
  readonly deepOutputPrice?: string;
}

/** What a cascade would cost, on paper. */
export function savingsCommand(context: CommandContext): Command {
  return new Command("savings")
    .summary("calculate what a cascade would save at given prices and volumes")
    .description(
      "Calculates on paper, exactly, and reads no ledger: each call is priced as its receipt " +
        "would be, and escalated requests pay their cheap call too. Prices are those of a model, " +
        "or US dollars per million tokens.",
    )
    .option("--requests <count>", "requests", wholeNumberValue, 1_000_000)
    .option("--input <tokens>", "tokens in, per call", wholeNumberValue, 200)
    .option("--output <tokens>", "tokens out, per call", wholeNumberValue, 0)
    .option("--ship <share>", "share of requests that the cheap model answers", shareValue, 0.95)
    .option("--cheap <model>", "prices of this model for cheap calls")
    .option("--deep <model>", "prices of this model for deep calls")
    .option("--cheap-input-price <usd>", "per million tokens in")
    .option("--cheap-output-price <usd>", "per million tokens out (default: 0)")
    .option("--deep-input-price <usd>", "per million tokens in")
    .option("--deep-output-price <usd>", "per million tokens out (default: 0)")
    .addHelpText(
      "after",
      examples([
        "leadsman savings --cheap-input-price 0.80 --deep-input-price 3",
        "leadsman savings --cheap claude-haiku-4-5 --deep claude-opus-4-7 --input 320 --output 40",
      ]),
    )
    .action((options: SavingsOptions, self: Command) => {
      const cheap = callPrices(options.cheap, options.cheapInputPrice, options.cheapOutputPrice);
      const deep = callPrices(options.deep, options.deepInputPrice, options.deepOutputPrice);
      if (cheap === null) return self.error(wantedPrices("cheap"));
      if (deep === null) return self.error(wantedPrices("deep"));
      return printSavings(context, calculate(context, options, cheap, deep));
    });
}

/** A model or prices of one's own, not both; null when it is neither. */
function callPrices(model?: string, input?: string, output?: string): CallPrices | null {
  if (model !== undefined) {
    return input === undefined && output === undefined ? { kind: "model", model } : null;
  }
  return input === undefined ? null : { kind: "prices", input, output: output ?? "0" };
}

function wantedPrices(side: string): string {
  return `error: wanted either --${side} MODEL or --${side}-input-price USD`;
}

function calculate(
  context: CommandContext,
  { requests, input, output, ship }: SavingsOptions,
  cheap: CallPrices,
  deep: CallPrices,
): SavingsCalculation {
  const question = {
    requests,
    inputTokens: input,
    outputTokens: output,
    shipShare: ship,
    cheap,
    deep,
  };
  const { prices } = openConfig(context).config;
  const result = calculateSavings(question, prices, systemClock.nowMs());
  if (result.ok) return result.value;
  throw new LeadsmanError(
    "unpriced",
    `No price is known for "${result.problem.model}". Give one with the price options, or name ` +
      "the model under `prices` in the configuration.",
  );
}

function printSavings({ io, settings }: CommandContext, savings: SavingsCalculation): void {
  io.out(
    settings().json
      ? reportJson("savings", savings, 2)
      : renderSavings(savings, createOutputPaint(io)),
  );
}
