import type { RequestRecord } from "../../cascade/receipt.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { mcnemarExact } from "../../statistics/mcnemar-exact.ts";
import type { ValueInterval } from "../../statistics/normal-interval.ts";
import { pairedDifferenceInterval } from "../../statistics/paired-difference-interval.ts";
import {
  pairedNonInferiority,
  type PairedCounts,
  type PairedEvidence,
} from "../../statistics/paired-non-inferiority.ts";
import { judgedAs, truthOf } from "../evidence/item-outcome.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { morePairs } from "./more-pairs.ts";

/** Is the cascade as often right as the deep model alone, on the same requests? */
export interface PairedReadOut {
  /** How much worse would still do, as a share of all requests. */
  readonly margin: number;
  readonly failureProbability: number;
  /** Share of shipped answers that also got a deep one: the newest; null = none ever did. */
  readonly shadowShare: number | null;
  /** What was shipped and what escalated, by which escalated pairs are added. */
  readonly shipped: number;
  readonly escalated: number;
  /** By label or human: what the conclusion is from. */
  readonly truth: PairedCount;
  /** What the judge says; no conclusion, for it may be mistaken in one direction. */
  readonly judge: PairedCount;
  readonly conclusion: PairedEvidence["conclusion"];
  /** ln of the evidence for "not worse" and for "worse"; ln(1/failureProbability) suffices. */
  readonly logNotWorse: number;
  readonly logWorse: number;
  /** Graded pairs that are missing yet; null = none, or no number in sight. */
  readonly moreGraded: number | null;
}

export interface PairedCount {
  /** Shipped answers graded beside their deep one. */
  readonly graded: number;
  /** Of them, those on which graders have not decided. */
  readonly undecided: number;
  /** As many escalated requests as belong to them, alike on both sides. */
  readonly alikeByEscalation: number;
  /** Only the deep answer right; only the cheap one. */
  readonly harmed: number;
  readonly helped: number;
  /** How much more often the cascade is right, of all pairs; null = not known yet. */
  readonly difference: number | null;
  /** At 95 %, from the worst to the best reading of what is undecided. */
  readonly interval: ValueInterval | null;
  /** Exact McNemar test of the decided ones; null without a pair that differs. */
  readonly mcnemarP: number | null;
}

/** Two points of all requests. Chosen before anybody looked, and no setting, so that it stays so. */
const MARGIN = 0.02;
const FAILURE_PROBABILITY = 0.05;

/**
 * An escalated request is answered by the last tier on either side, so it needs no second answer to be
 * known as alike. Of shipped ones a random share has one: to every graded one belong as many escalated
 * as there are to a shipped one. Rounded down, which can only make the difference look larger.
 *
 * @param records newest first
 */
export function describePairs(
  records: readonly RequestRecord[],
  evidence: readonly Evidence[],
): PairedReadOut {
  const { shadowShare, drawn } = shadowedRequests(records);
  const shipped = records.filter(({ decision }) => decision === "shipped").length;
  const escalated = records.filter(({ decision }) => decision === "escalated").length;
  const perShipped = shipped === 0 ? 0 : escalated / shipped;
  const pairs = evidence.filter(
    ({ itemId, decision, deepMissing }) =>
      decision === "shipped" && deepMissing === null && drawn.has(itemId),
  );
  const truth = readPairs(pairs, ({ cheap, deep }) => [truthOf(cheap), truthOf(deep)]);
  const judged = readPairs(pairs, ({ cheap, deep }) => [judgedAs(cheap), judgedAs(deep)]);
  const evidenceAt = (counts: PairedCounts): PairedEvidence =>
    pairedNonInferiority(counts, MARGIN, FAILURE_PROBABILITY);
  const worst = countsOf(truth, perShipped, "worst");
  const { logNotWorse } = evidenceAt(worst);
  const { logWorse } = evidenceAt(countsOf(truth, perShipped, "best"));
  const needed = -Math.log(FAILURE_PROBABILITY);
  const conclusion = logWorse >= needed ? "worse" : logNotWorse >= needed ? "not_worse" : "open";
  const more = conclusion === "open" ? morePairs(worst, MARGIN, FAILURE_PROBABILITY) : null;
  return {
    ...{ margin: MARGIN, failureProbability: FAILURE_PROBABILITY },
    ...{ shadowShare, shipped, escalated, conclusion, logNotWorse, logWorse },
    truth: describeCount(truth, perShipped),
    judge: describeCount(judged, perShipped),
    moreGraded: more === null ? null : Math.ceil(more / (1 + perShipped)),
  };
}

/** Requests that had the same chance of a deep answer beside the shipped one: the newest share. */
function shadowedRequests(records: readonly RequestRecord[]): {
  readonly shadowShare: number | null;
  readonly drawn: ReadonlySet<string>;
} {
  const draws = records.flatMap(({ id, draws: all }) => {
    const draw = all.find(({ purpose }) => purpose === "shadow");
    return draw?.isChosen === true ? [{ id, share: draw.propensity }] : [];
  });
  const shadowShare = draws[0]?.share ?? null;
  const alike = draws.filter(({ share }) => share === shadowShare);
  return { shadowShare, drawn: new Set(alike.map(({ id }) => id)) };
}

/** What one kind of grader says of graded pairs. */
interface ReadPairs {
  readonly graded: number;
  readonly undecided: number;
  readonly harmed: number;
  readonly helped: number;
  /** Undecided pairs that may be harmed, or helped. */
  readonly mayBeHarmed: number;
  readonly mayBeHelped: number;
}

type Verdict = "right" | "wrong" | "disputed" | null;

function readPairs(
  pairs: readonly Evidence[],
  verdictsOf: (item: Evidence) => readonly [Verdict, Verdict],
): ReadPairs {
  const read = { graded: 0, undecided: 0, harmed: 0, helped: 0, mayBeHarmed: 0, mayBeHelped: 0 };
  for (const item of pairs) {
    const [cheap, deep] = verdictsOf(item);
    if (cheap === null || deep === null) continue;
    read.graded += 1;
    if (cheap === "disputed" || deep === "disputed") {
      read.undecided += 1;
      if (cheap !== "right" && deep !== "wrong") read.mayBeHarmed += 1;
      if (cheap !== "wrong" && deep !== "right") read.mayBeHelped += 1;
    } else if (cheap === "wrong" && deep === "right") read.harmed += 1;
    else if (cheap === "right" && deep === "wrong") read.helped += 1;
  }
  return read;
}

function countsOf(
  { graded, harmed, helped, mayBeHarmed, mayBeHelped }: ReadPairs,
  perShipped: number,
  reading: "worst" | "best",
): PairedCounts {
  return {
    harmed: harmed + (reading === "worst" ? mayBeHarmed : 0),
    helped: helped + (reading === "best" ? mayBeHelped : 0),
    pairs: graded + Math.floor(graded * perShipped),
  };
}

function describeCount(read: ReadPairs, perShipped: number): PairedCount {
  const { graded, undecided, harmed, helped } = read;
  const worst = countsOf(read, perShipped, "worst");
  const isKnown = graded - undecided >= MIN_OBSERVATIONS;
  const low = pairedDifferenceInterval(worst).low;
  const high = pairedDifferenceInterval(countsOf(read, perShipped, "best")).high;
  const decided = worst.pairs - undecided;
  return {
    ...{ graded, undecided, harmed, helped },
    alikeByEscalation: worst.pairs - graded,
    difference: isKnown ? (helped - harmed) / decided : null,
    interval: isKnown ? { low, high } : null,
    mcnemarP: harmed + helped === 0 ? null : mcnemarExact(harmed, helped),
  };
}
