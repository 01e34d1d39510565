import type { RequestRecord } from "../../cascade/receipt.ts";
import type { Evidence, Outcome } from "../../ledger/records/evidence.ts";
import {
  armMean,
  compareMeans,
  compareQuantiles,
  type ArmComparison,
  type ArmFigure,
  type Measured,
} from "./arm-comparison.ts";
import type { ArmRequest, ExperimentArms } from "./experiment-arms.ts";

/** Control against cascade, on different requests. */
export interface ArmReadOuts {
  /** Answers that were labelled wrong, of all requests of the arm. */
  readonly labels: LabelReadOut;
  /** Dollars a request, without calls in the background. */
  readonly cost: ArmComparison & { readonly unpriced: number };
  /** Milliseconds to the end of the response. */
  readonly latency: { readonly p50: ArmComparison; readonly p95: ArmComparison };
  /** Escalated, of the cascade's requests that were triaged. In control nothing can. */
  readonly escalation: ArmFigure;
}

export interface LabelReadOut extends ArmComparison {
  /** Requests with a label on the answer that the client got. */
  readonly labelled: { readonly control: number; readonly cascade: number };
  /** Of them, those that labels contradict each other on: counted as not wrong. */
  readonly undecided: { readonly control: number; readonly cascade: number };
}

const NANO_PER_USD = 1e9;

export function describeArms(
  { control, cascade }: ExperimentArms,
  evidence: readonly Evidence[],
): ArmReadOuts {
  const priced = [control, cascade].map((arm) => arm.flatMap(measuredCost));
  const [controlCosts = [], cascadeCosts = []] = priced;
  const unpriced = control.length + cascade.length - controlCosts.length - cascadeCosts.length;
  const durations = [control, cascade].map((arm) => arm.flatMap(measuredLatency));
  const [controlMs = [], cascadeMs = []] = durations;
  return {
    labels: describeLabels({ control, cascade }, evidence),
    cost: { ...compareMeans(controlCosts, cascadeCosts), unpriced },
    latency: {
      p50: compareQuantiles(controlMs, cascadeMs, 0.5),
      p95: compareQuantiles(controlMs, cascadeMs, 0.95),
    },
    escalation: armMean(cascade.flatMap(measuredEscalation)),
  };
}

/**
 * Labels, and no grades of people or judges: those are drawn from what ships, so that an arm would
 * have more wrong answers for being looked at more. Of all requests of the arm, since which answers
 * get a label may hang on the answer, and how many requests there are does not.
 */
function describeLabels(
  arms: Pick<ExperimentArms, "control" | "cascade">,
  evidence: readonly Evidence[],
): LabelReadOut {
  const items = Map.groupBy(evidence, ({ itemId }) => itemId);
  const labelOf = ({ record }: ArmRequest): Outcome | null =>
    clientLabel(record, items.get(record.id) ?? []);
  const count = (arm: readonly ArmRequest[], isMeant: (label: Outcome | null) => boolean): number =>
    arm.filter((request) => isMeant(labelOf(request))).length;
  const both = (isMeant: (label: Outcome | null) => boolean) => ({
    control: count(arms.control, isMeant),
    cascade: count(arms.cascade, isMeant),
  });
  const wrong = (arm: readonly ArmRequest[]): readonly Measured[] =>
    arm.map((request) => ({
      unit: request.unit,
      value: labelOf(request) === "wrong" ? 1 : 0,
    }));
  const labelled = both((label) => label !== null);
  const undecided = both((label) => label === "disputed" || label === "cannot_tell");
  const isAnyLabelled = labelled.control + labelled.cascade > 0;
  const compared = compareMeans(wrong(arms.control), wrong(arms.cascade));
  return { ...(isAnyLabelled ? compared : withoutLabels(compared)), labelled, undecided };
}

/** No label is no sign of a right answer. */
function withoutLabels({ control, cascade }: ArmComparison): ArmComparison {
  const unknown = (figure: ArmFigure): ArmFigure => ({ ...figure, value: null, interval: null });
  return {
    control: unknown(control),
    cascade: unknown(cascade),
    difference: null,
    interval: null,
    says: "not_known_yet",
    moreUnits: null,
  };
}

/** Of the answer that the client got. */
function clientLabel({ tier }: RequestRecord, items: readonly Evidence[]): Outcome | null {
  for (const item of items) {
    const outcomes = tier === item.tier ? item.cheap : tier === item.deepTier ? item.deep : null;
    if (outcomes !== null && outcomes.label !== null) return outcomes.label;
  }
  return null;
}

function measuredCost({ unit, record }: ArmRequest): readonly Measured[] {
  let nanoUsd = 0n;
  for (const { role, costNanoUsd } of record.attempts) {
    if (role !== "triage" && role !== "answer") continue;
    if (costNanoUsd === null) return [];
    nanoUsd += costNanoUsd;
  }
  return [{ unit, value: Number(nanoUsd) / NANO_PER_USD }];
}

/** What failed or was left says nothing about how long answers take. */
function measuredLatency({ unit, record }: ArmRequest): readonly Measured[] {
  return record.status < 400 ? [{ unit, value: record.latencyMs }] : [];
}

function measuredEscalation({ unit, record }: ArmRequest): readonly Measured[] {
  const { decision } = record;
  if (decision !== "shipped" && decision !== "escalated") return [];
  return [{ unit, value: decision === "escalated" ? 1 : 0 }];
}
