import { decide } from "../../src/cascade/decide.ts";
import { nearMissFloor } from "../../src/ledger/records/near-miss.ts";
import type { Random } from "../../src/support/random.ts";
import type { ControlEvent, ThresholdMove } from "../../src/watch/control-threshold.ts";
import type { WatchedVerdict } from "../../src/watch/watched-verdict.ts";
import { createSampler, trueRate, type World, type WorldAtom } from "./worlds.ts";

/** Something that sets a threshold as grades come in: the controller, or a rule to compare it with. */
export interface ThresholdRule {
  readonly threshold: () => number;
  /** Whether it asks for denser grading now. */
  readonly isSuspicious: () => boolean;
  readonly observe: (event: ControlEvent) => ThresholdMove | null;
}

/** Traffic of one route in live, graded now and then. */
export interface LiveStream {
  readonly requests: number;
  /** Allowed rate among what ships. */
  readonly atMost: number;
  /** The truth from a request on; the first begins with request 0. */
  readonly phases: readonly { readonly from: number; readonly world: World }[];
  /** Share of shipped answers that is graded. */
  readonly gradeShare: number;
  /** Times as many while the rule is suspicious. */
  readonly denser: number;
  /** Share of near misses that is graded; 0 where only what shipped can be. */
  readonly bandShare: number;
  /** Requests from an answer to its grade. */
  readonly delay: number;
}

/** What a rule did to a stream, held against the truth. */
export interface StreamOutcome {
  readonly moves: readonly StreamMove[];
  /** Expected numbers of requests: what is shipped is not drawn, only what is graded. */
  readonly shipped: number;
  /** Shipped while more of what ships was wrong than is allowed. */
  readonly shippedInViolation: number;
  readonly graded: number;
  /** Graded answers that shipped below the threshold of their time. */
  readonly shippedBelow: number;
}

export interface StreamMove extends ThresholdMove {
  readonly at: number;
  /** What the new threshold ships breaks the limit at that time. */
  readonly isUnsafe: boolean;
  /** Of verdicts on answers from the new threshold up to the old one: what a lowering is about. */
  readonly gradedBetween: number;
}

/**
 * Runs a rule over a stream. Between two grades nothing can change, so the requests between them are
 * counted and not drawn, and a stream of 300,000 requests costs as much as its grades.
 */
export function runStream(stream: LiveStream, rule: ThresholdRule, random: Random): StreamOutcome {
  const { requests, delay, atMost } = stream;
  const cells = createCells(stream);
  const moves: StreamMove[] = [];
  const waiting: { readonly dueAt: number; readonly verdict: WatchedVerdict }[] = [];
  let gradedAt = new Map<number, number>();
  let [now, waitingFrom, graded, shippedBelow] = [0, 0, 0, 0];
  const sums = { shipped: 0, violating: 0, unreported: 0 };

  function passUntil(end: number, cell: StreamCell): void {
    const shipped = (end - now) * cell.shipMass;
    sums.shipped += shipped;
    if (cell.rate > atMost) sums.violating += shipped;
    sums.unreported += end - now;
    now = end;
  }
  function tell(event: ControlEvent): void {
    const move = rule.observe(event);
    if (move === null) return;
    const { from, to } = move;
    const gradedBetween = [...gradedAt].reduce(
      (sum, [confidence, count]) => sum + (confidence >= to && confidence < from ? count : 0),
      0,
    );
    moves.push({ ...move, at: now, isUnsafe: cells(now, to, 1).rate > atMost, gradedBetween });
    if (move.isApplied) gradedAt = new Map();
  }
  function deliver(verdict: WatchedVerdict): void {
    tell({ kind: "requests", count: sums.unreported });
    sums.unreported = 0;
    graded += 1;
    gradedAt.set(verdict.confidence, (gradedAt.get(verdict.confidence) ?? 0) + 1);
    tell({ kind: "verdict", verdict });
  }
  while (now < requests) {
    const threshold = rule.threshold();
    const gradeShare = stream.gradeShare * (rule.isSuspicious() ? stream.denser : 1);
    const cell = cells(now, threshold, Math.min(1, gradeShare));
    const due = waiting[waitingFrom]?.dueAt ?? Infinity;
    const drawnAt = now + gapUntil(cell.gradedMass, random);
    const end = Math.min(drawnAt, due, cell.until, requests);
    passUntil(end, cell);
    if (end === due) {
      const next = waiting[waitingFrom];
      waitingFrom += 1;
      if (next !== undefined) deliver(next.verdict);
    } else if (end === drawnAt) {
      const verdict = cell.draw(random);
      if (verdict.decision === "shipped" && verdict.confidence < threshold) shippedBelow += 1;
      if (delay === 0) deliver(verdict);
      else waiting.push({ dueAt: now + delay, verdict });
    }
  }
  const { shipped, violating } = sums;
  return { moves, shipped, shippedInViolation: violating, graded, shippedBelow };
}

/** What happens at one threshold in one phase. */
interface StreamCell {
  /** The phase ends here. */
  readonly until: number;
  readonly shipMass: number;
  /** Of what ships, wrong. */
  readonly rate: number;
  /** Share of requests that is graded. */
  readonly gradedMass: number;
  readonly draw: (random: Random) => WatchedVerdict;
}

function createCells(
  stream: LiveStream,
): (at: number, threshold: number, gradeShare: number) => StreamCell {
  const known = new Map<string, StreamCell>();
  let last: { readonly at: readonly number[]; readonly cell: StreamCell } | null = null;
  return (at, threshold, gradeShare) => {
    const phase = stream.phases.findLastIndex(({ from }) => from <= at);
    // Mostly the one of the last grade; to build its name takes longer than all else.
    const isSame = last?.at[0] === phase && last.at[1] === threshold && last.at[2] === gradeShare;
    if (last !== null && isSame) return last.cell;
    const name = `${phase} ${threshold} ${gradeShare}`;
    const cell = known.get(name) ?? cellOf(stream, phase, threshold, gradeShare);
    known.set(name, cell);
    last = { at: [phase, threshold, gradeShare], cell };
    return cell;
  };
}

function cellOf(
  { phases, bandShare }: LiveStream,
  phase: number,
  threshold: number,
  gradeShare: number,
): StreamCell {
  const world = phases[phase]?.world ?? { name: "nothing", atoms: [] };
  const shares = world.atoms.map(({ confidence, mass }) =>
    isShipped(confidence, threshold)
      ? mass * gradeShare
      : confidence >= nearMissFloor(threshold)
        ? mass * bandShare
        : 0,
  );
  const gradedMass = shares.reduce((sum, share) => sum + share, 0);
  const drawAtom = createSampler(shares.map((share) => share / gradedMass));
  const shipped = world.atoms.filter(({ confidence }) => isShipped(confidence, threshold));
  return {
    until: phases[phase + 1]?.from ?? Infinity,
    shipMass: shipped.reduce((sum, { mass }) => sum + mass, 0),
    rate: trueRate(world, threshold),
    gradedMass,
    draw: (random) => {
      const atom: WorldAtom = world.atoms[drawAtom(random)] ?? NOTHING;
      const isAbove = isShipped(atom.confidence, threshold);
      return {
        isWrong: random() < atom.wrongRate,
        decision: isAbove ? "shipped" : "escalated",
        confidence: atom.confidence,
        threshold,
        propensity: isAbove ? gradeShare : bandShare,
        leastPropensity: gradeShare,
      };
    },
  };
}

const NOTHING: WorldAtom = { confidence: 0, mass: 0, wrongRate: 0 };

/** The branch that every request takes. */
function isShipped(confidence: number, threshold: number): boolean {
  const verdict = { kind: "answering", confidence } as const;
  return decide({ verdict, threshold, end: null }).kind === "ship";
}

/** Requests until the next one that is drawn with this probability, itself included. */
function gapUntil(probability: number, random: Random): number {
  if (probability <= 0) return Infinity;
  return 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-probability));
}
