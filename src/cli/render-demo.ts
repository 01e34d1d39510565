import type { Demo, DemoReport } from "../compose/open-demo.ts";
import { counted, formatCount, formatDuration, formatShare } from "../reports/format-number.ts";
import { formatUsd } from "../reports/format-usd.ts";
import type { Paint } from "./paint.ts";
import { renderReceipt } from "./render-receipt.ts";
import { simulatedLabel } from "./render-status.ts";
import { costFacts, describeObserved, renderDecisions, renderLatency } from "./render-traffic.ts";
import { renderFacts } from "./table.ts";

/** What a demonstration says before it begins. */
export function renderDemoStart(
  { gatewayUrl, upstreamUrl, folder }: Pick<Demo, "gatewayUrl" | "upstreamUrl" | "folder">,
  paint: Paint,
): string {
  return [
    "",
    `  ${paint.strong("leadsman demo")}  ${simulatedLabel(paint)}`,
    "",
    "  A support desk sends its traffic through Anthropic's SDK and the real gateway,",
    "  router and ledger. Only the Messages API behind them is made up. No key is",
    "  needed, and nothing leaves this machine.",
    "",
    ...renderFacts(
      [
        ["client", "@anthropic-ai/sdk, 8 calls at a time, asks for claude-opus-4-7"],
        ["gateway", `${gatewayUrl}  route support, live`],
        ["cascade", "claude-haiku-4-5, ships at 0.80 → claude-opus-4-7"],
        ["upstream", `${upstreamUrl}  SIMULATED`],
        ["data", folder],
      ],
      paint,
    ),
    "",
  ].join("\n");
}

/** What a demonstration came to. */
export function renderDemoReport(
  { status, truth, receipt }: DemoReport,
  run: { readonly tookMs: number; readonly timeScale: number },
  paint: Paint,
): string {
  const { total } = status;
  const pace = `The simulated API waits ${Math.round(1 / run.timeScale)} times less than a real one.`;
  return [
    `  ${paint.strong(counted(total.requests, "request"))} in ${formatDuration(run.tookMs)}  ` +
      paint.warning("SIMULATED"),
    "",
    ...renderDecisions(total, paint),
    "",
    ...renderFacts(
      [
        ["escalated", describeObserved(total.escalation, "triaged")],
        ...costFacts(total, paint),
        ...learningFact(status),
      ],
      paint,
    ),
    paint.faint("  On far shorter prompts and answers a triage can cost more than it saves: its"),
    paint.faint("  instruction alone has some 400 tokens."),
    "",
    ...renderFacts(
      [
        ["wrong among shipped", describeWrong(truth.wrong)],
        ["the deep model there", describeWrong(truth.deepWrong)],
      ],
      paint,
    ),
    paint.faint("  Known only because this is a simulation; with real models, answers are graded."),
    "",
    ...renderLatency(total.latency, paint),
    paint.faint(`  ${pace}`),
    ...(receipt === null ? [] : ["", renderReceipt(receipt, paint)]),
  ].join("\n");
}

/** How to go on with real models. */
export function renderNextSteps(paint: Paint): string {
  return [
    "",
    "  With your own key, from the mode that does not change any answer:",
    "",
    `    ${paint.strong("npx leadsman up")}`,
    `    ${paint.strong("export ANTHROPIC_BASE_URL=http://127.0.0.1:8787")}`,
    "",
  ].join("\n");
}

/** What was spent beside the answers; it is part of the cost above. */
function learningFact({ routes }: DemoReport["status"]): readonly [string, string][] {
  return routes.flatMap(({ shadow }): [string, string][] => {
    if (shadow === null) return [];
    const { spend, pairs } = shadow;
    const text = `${formatUsd(spend.costNanoUsd)} of the sum, for ${counted(pairs.total, "shadow pair")}`;
    return [["learning", text]];
  });
}

function describeWrong({ count, of, share, interval }: DemoReport["truth"]["wrong"]): string {
  const seen = `${formatCount(count)} of ${formatCount(of)}`;
  if (share === null || interval === null) return seen;
  const range = `${(interval.low * 100).toFixed(1)}–${formatShare(interval.high)}`;
  return `${seen}, ${formatShare(share)} (95 % interval ${range})`;
}
