import type { Draw } from "../cascade/receipt.ts";
import type { ExplainedTier, RequestExplanation } from "../compose/explain-request.ts";
import { formatConfidence } from "../reports/format-number.ts";
import { describeModeInForce } from "./describe-route.ts";
import type { Paint } from "./paint.ts";
import { renderFacts } from "./table.ts";

/** What would happen to a request, for people. */
export function explanationText(
  explanation: RequestExplanation,
  isDetailed: boolean,
  paint: Paint,
): string {
  const { selection, plan, tiers } = explanation;
  if (selection.kind === "problem") {
    return `The client would get status ${selection.status}: ${selection.message}`;
  }
  if (selection.kind === "passthrough" || plan === null) {
    return (
      `No route is for ${explanation.requestedModel}, so the request would pass through as it is.\n` +
      "`--route <name>` or a model that a route's match fits would send it through one."
    );
  }
  const { route, isCertified } = selection.route;
  const facts = renderFacts(
    [
      ["route", `${route.name}, for requests of ${explanation.requestedModel}`],
      ["mode", describeModeInForce(route, isCertified)],
      ["triage", eligibility(explanation)],
      ["so", outcome(explanation)],
    ],
    paint,
  );
  return [
    ...facts,
    "",
    ...tiers.flatMap((tier) => describeTier(tier, isDetailed, paint)),
    ...(isDetailed ? ["  draws", ...plan.draws.map(describeDraw), ""] : []),
    paint.faint(
      isDetailed
        ? "  Nothing was sent. Draws by request differ from one request to the next."
        : "  Nothing was sent. --explain shows the bodies and the draws.",
    ),
  ].join("\n");
}

function eligibility({ bypassReason, tiers }: RequestExplanation): string {
  if (bypassReason === null) return "eligible";
  const model = tiers[0]?.model ?? "the first tier";
  return `not eligible: ${bypassReason} (${model} is not asked)`;
}

function outcome({ plan, tiers }: RequestExplanation): string {
  const [first] = tiers;
  const last = tiers.at(-1);
  if (plan === null || first === undefined || last === undefined) return "";
  const { action } = plan;
  if (action.kind === "climb") {
    return `${first.model} is asked first; from ${showThreshold(first)} its answer ships`;
  }
  const answers = `${last.model} answers`;
  switch (action.decision) {
    case "bypassed":
      return `${answers} at once`;
    case "control":
      return `${answers} untriaged, as a control`;
    case "shadowed":
      return action.shadowTriage
        ? `${answers}; ${first.model} is asked on the side and its answer is kept, not shown`
        : `${answers}; the draw leaves ${first.model} out`;
  }
}

function describeTier(tier: ExplainedTier, isDetailed: boolean, paint: Paint): readonly string[] {
  const provider = `${tier.provider}${tier.isSimulated ? " (SIMULATED)" : ""}`;
  const name = `${tier.model}${tier.isRequestedModel ? " (as requested)" : ""}`;
  const heading = `  tier ${tier.index}  ${paint.strong(name)} at ${provider}, ${roleOf(tier)}`;
  if (!tier.isAsked) return [heading, ""];
  const body: unknown = JSON.parse(tier.body);
  return [
    heading,
    ...(tier.unfit === null ? [] : [`${INDENT}cannot take this request: ${tier.unfit}`]),
    ...describeEdits(tier),
    ...(isDetailed ? [`${INDENT}body`, ...indented(JSON.stringify(body, null, 2))] : []),
    "",
  ];
}

function roleOf(tier: ExplainedTier): string {
  if (!tier.isAsked) return "not asked";
  return tier.role === "triage"
    ? `ships from ${showThreshold(tier)}`
    : "answers whatever reaches it";
}

function describeEdits(tier: ExplainedTier): readonly string[] {
  const { role, edits, editsWhenEscalated } = tier;
  const members = new Set(edits.map(({ member }) => member));
  const later = editsWhenEscalated.filter(({ member }) => !members.has(member));
  return [
    ...(role === "triage" ? [`${INDENT}plus the verdict instruction and format`] : []),
    ...(role === "answer" && edits.length === 0 ? [`${INDENT}the client's own bytes`] : []),
    ...edits.map((edit) => INDENT + describeEdit(edit)),
    ...later.map((edit) => `${INDENT}(an escalation would also ${describeEdit(edit)})`),
  ];
}

function describeEdit({ op, member, why }: ExplainedTier["edits"][number]): string {
  return `${op} ${member}: ${why}`;
}

const INDENT = " ".repeat(10);

function showThreshold({ threshold }: ExplainedTier): string {
  if (threshold === null) return "any confidence";
  return threshold > 1 ? "no confidence (never)" : `confidence ${formatConfidence(threshold)}`;
}

function describeDraw({ purpose, propensity, isChosen }: Draw): string {
  const share = `${Number((propensity * 100).toPrecision(9))}%`;
  const by = purpose === "canary" || purpose === "control" ? "by user or body" : "by request";
  return `${INDENT}${purpose} ${share}, ${by}: ${isChosen ? "chosen" : "not chosen"}`;
}

function indented(text: string): readonly string[] {
  return text.split("\n").map((line) => `${INDENT}  ${line}`);
}
