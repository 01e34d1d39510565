import { counted, formatCount, formatShare } from "../reports/format-number.ts";
import { formatUsd, formatUsdExact } from "../reports/format-usd.ts";
import type { SavingsCalculation } from "../reports/savings/calculate-savings.ts";
import type { Paint } from "./paint.ts";
import { renderFacts } from "./table.ts";

/** The costs of a cascade on paper, with how they come about. */
export function renderSavings(savings: SavingsCalculation, paint: Paint): string {
  const { requests, shipped, escalated, tokensPerCall, breakEvenShipShare } = savings;
  const tokens = `${formatCount(tokensPerCall.inputTokens)} in + ${formatCount(tokensPerCall.outputTokens)} out`;
  const breakEven =
    breakEvenShipShare === null ? [] : [["pays from", describeBreakEven(breakEvenShipShare)]];
  const facts = [
    ["one cheap call", describeCall(tokens, savings.cheapCallNanoUsd, savings.priceSources.cheap)],
    ["one deep call", describeCall(tokens, savings.deepCallNanoUsd, savings.priceSources.deep)],
    ["all deep", `${formatUsd(savings.allDeepNanoUsd)} for ${counted(requests, "request")}`],
    [
      "cascade",
      `${formatUsd(savings.cascadeNanoUsd)}: ${counted(requests, "cheap call")} and ` +
        `${counted(escalated, "deep one")} (${formatCount(shipped)} shipped)`,
    ],
    ["saved", describeSaved(savings, paint)],
    ...breakEven,
  ].map(([name = "", value = ""]) => [name, value] as const);
  return [...renderFacts(facts, paint), "", `  ${paint.faint(naiveLine(savings))}`].join("\n");
}

function describeCall(tokens: string, costNanoUsd: bigint, source: string): string {
  return `${formatUsdExact(costNanoUsd)}  ${tokens} tokens, price ${source}`;
}

function describeSaved({ savedNanoUsd, savedShare }: SavingsCalculation, paint: Paint): string {
  const share = savedShare === null ? "" : ` (${formatShare(savedShare)})`;
  const text = `${formatUsd(savedNanoUsd)}${share}`;
  return savedNanoUsd < 0n ? paint.bad(`${text}: the cascade costs more`) : paint.good(text);
}

function describeBreakEven(share: number): string {
  return share > 1
    ? "no share: a cheap call costs more than a deep one"
    : `${formatShare(share)} shipped`;
}

function naiveLine({ escalated, naive }: SavingsCalculation): string {
  if (escalated === 0) return "Nothing escalates here, so no cheap call is paid in vain.";
  return (
    `${escalated === 1 ? "The escalated request pays its" : `The ${formatCount(escalated)} escalated requests pay their`} cheap call too. A count that ` +
    `forgets it says ${formatUsd(naive.cascadeNanoUsd)} and ${formatUsd(naive.savedNanoUsd)} saved.`
  );
}
