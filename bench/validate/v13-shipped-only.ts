import type { Random } from "../../src/support/random.ts";
import type { ControlPlan } from "../../src/watch/control-threshold.ts";
import { figureAtLeast, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";
import {
  runStream,
  type LiveStream,
  type StreamOutcome,
  type ThresholdRule,
} from "./live-stream.ts";
import { carelessRule, controllerRule, fixedRule } from "./threshold-rules.ts";
import {
  CONTROL_PLAN,
  controlPlan,
  hasLowering,
  shareOf,
  sumOf,
  unsafeFigure,
  violationShare,
} from "./v07-controller.ts";
import { certificateFigures } from "./shipped-certificates.ts";
import { ALLOWED_RATE, TYPICAL, type World } from "./worlds.ts";

const START = 0.85;
const REQUESTS = 200_000;
const DEGRADES_AT = 100_000;

/** What ships is nearly always right, and what lies just below is not: nobody can see that. */
const CLIFF: World = {
  name: "cliff",
  atoms: TYPICAL.atoms.map((atom) => ({
    ...atom,
    wrongRate: atom.confidence >= START ? 0.3 * atom.wrongRate : Math.min(1, 2 * atom.wrongRate),
  })),
};

/** All of it wrong so often that what ships is wrong at 2.5 times the allowed rate. */
const DEGRADED: World = {
  name: "degraded",
  atoms: TYPICAL.atoms.map((atom) => ({ ...atom, wrongRate: 0.125 })),
};

/** Near misses are drawn for nobody, so the route has none. */
const WITHOUT_BAND: ControlPlan = { ...CONTROL_PLAN, bandShare: 0 };

export const SHIPPED_ONLY: Experiment = {
  id: "V13",
  claim:
    "Where only shipped answers are graded, late, no threshold is loosened on what was not seen.",
  run: (random) => [
    ...GRADE_SHARES.flatMap((gradeShare) => streamFigures(random, gradeShare)),
    ...GRADE_SHARES.flatMap((gradeShare) => ungradedFigures(random, gradeShare)),
    ...GRADE_SHARES.flatMap((gradeShare) => dipFigures(random, gradeShare)),
    figureAtLeast(
      "teeth: by the last 100 grades, share of runs that loosen on what was not seen",
      shareOf(
        runsOf(random, { gradeShare: 0.05, delay: 500 }, () => carelessRule(CONTROL_PLAN, START)),
        hasBlindLowering,
      ),
      0.5,
    ),
    figureAtLeast(
      "teeth: by a plan that does not ask for near misses, share of runs that loosen",
      shareOf(
        runsOf(random, { gradeShare: 0.1, delay: 500 }, () =>
          controllerRule(withoutStated(CONTROL_PLAN), START),
        ),
        hasBlindLowering,
      ),
      0.5,
    ),
    ...certificateFigures(random, { world: CLIFF, threshold: START }),
  ],
};

const GRADE_SHARES = [0.01, 0.05, 0.1] as const;
const RUNS = 20;
/** Of each delay; these have more grades, and so take longer. */
const DENSER_RUNS = 12;
const DELAYS = [0, 500, 2_000] as const;

function streamFigures(random: Random, gradeShare: number): readonly ValidationFigure[] {
  const byDelay = DELAYS.map((delay) => ({
    delay,
    runs: runsOf(random, { gradeShare, delay }, () => controllerRule(WITHOUT_BAND, START)),
  }));
  return [
    ...blindFigures(
      nameOf(gradeShare),
      byDelay.flatMap(({ runs }) => runs),
    ),
    ...byDelay.map(({ delay, runs }) =>
      figureAtMost(
        `${gradeShare * 100} % graded, ${delay} requests late: median requests until x2.5 is answered`,
        medianReaction(runs),
        delay + MEDIAN_GRADES / (0.7 * gradeShare),
      ),
    ),
  ];
}

/** The plan of a route whose near misses are drawn, and nobody grades them. */
function ungradedFigures(random: Random, gradeShare: number): readonly ValidationFigure[] {
  const plan = planFor(gradeShare);
  const all = DELAYS.flatMap((delay) =>
    runsOf(
      random,
      { ...AS_IT_RUNS, gradeShare, delay },
      () => controllerRule(plan, START),
      DENSER_RUNS,
    ),
  );
  return blindFigures(`${gradeShare * 100} % graded, near misses drawn and not graded`, all);
}

/** The same plan, near misses graded as they are drawn, and the old quality again after the dip. */
function dipFigures(random: Random, gradeShare: number): readonly ValidationFigure[] {
  const plan = planFor(gradeShare);
  const dip = { ...AS_IT_RUNS, gradeShare, bandShare: BAND_SHARE, ...WITH_RECOVERY };
  const ours = DELAYS.flatMap((delay) =>
    runsOf(random, { ...dip, delay }, () => controllerRule(plan, START), DENSER_RUNS),
  );
  // Nothing moves, so that one run is as good as many.
  const fixed = runsOf(random, dip, () => fixedRule(START), 1);
  const name = `${gradeShare * 100} % graded, near misses too`;
  const inViolation = (runs: readonly StreamOutcome[]): number =>
    sumOf(runs, ({ shippedInViolation }) => shippedInViolation) / runs.length;
  const figures = [
    unsafeFigure(name, ours),
    figureAtMost(`${name}: graded answers that shipped below their threshold`, sumBelow(ours), 0),
    figureAtMost(
      `${name}: answers shipped in violation, of a fixed threshold's`,
      inViolation(ours) / inViolation(fixed),
      0.6,
    ),
  ];
  // At 1 % the way down again takes longer than the stream, so that hardly anything ships after the
  // dip, and the share of what ships says nothing of the dip.
  if (gradeShare < LEAST_FOR_RECOVERY) return figures;
  const share = figureAtMost(
    `${name}: share of what ships in violation, of a fixed threshold's`,
    violationShare(ours) / violationShare(fixed),
    0.6,
  );
  return [...figures, share];
}

const LEAST_FOR_RECOVERY = 0.05;

function blindFigures(name: string, runs: readonly StreamOutcome[]): readonly ValidationFigure[] {
  return [
    figureAtMost(`${name}: share of runs that loosen`, shareOf(runs, hasLowering), 0),
    figureAtMost(`${name}: graded answers that shipped below their threshold`, sumBelow(runs), 0),
  ];
}

function nameOf(gradeShare: number): string {
  return `${gradeShare * 100} % graded, delays ${DELAYS.map((delay) => delay.toLocaleString("en-US")).join(", ")}`;
}

function sumBelow(runs: readonly StreamOutcome[]): number {
  return sumOf(runs, ({ shippedBelow }) => shippedBelow);
}

const BAND_SHARE = CONTROL_PLAN.bandShare;

/** As the watch makes it of a route that grades so much. */
function planFor(gradeShare: number): ControlPlan {
  return controlPlan({ shadow: 0, grade: gradeShare, band: BAND_SHARE });
}

function withoutStated({ stated: _, ...plan }: ControlPlan): ControlPlan {
  return plan;
}

/** Of the controller's alarm at 2.5 times the allowed rate, with half as many again for chance. */
const MEDIAN_GRADES = 150;

/** Beside a gateway grading is five times as dense while errors gather. */
const AS_IT_RUNS = { denser: 5 };

const WITH_RECOVERY = {
  requests: 300_000,
  phases: [
    { from: 0, world: CLIFF },
    { from: DEGRADES_AT, world: DEGRADED },
    { from: 200_000, world: CLIFF },
  ],
};

function runsOf(
  random: Random,
  changes: Pick<LiveStream, "gradeShare"> & Partial<LiveStream>,
  rule: () => ThresholdRule,
  runs = RUNS,
): readonly StreamOutcome[] {
  const stream: LiveStream = {
    ...{ requests: REQUESTS, atMost: ALLOWED_RATE, delay: 0, denser: 1, bandShare: 0 },
    phases: [
      { from: 0, world: CLIFF },
      { from: DEGRADES_AT, world: DEGRADED },
    ],
    ...changes,
  };
  return Array.from({ length: runs }, () => runStream(stream, rule(), random));
}

/** Lowered without a single grade of what the lowering begins to ship. */
function hasBlindLowering({ moves }: StreamOutcome): boolean {
  return moves.some(({ direction, gradedBetween }) => direction === "lower" && gradedBetween === 0);
}

function medianReaction(runs: readonly StreamOutcome[]): number {
  const reactions = runs.map(({ moves }) => {
    const first = moves.find(({ direction, at }) => direction === "raise" && at >= DEGRADES_AT);
    return (first?.at ?? Infinity) - DEGRADES_AT;
  });
  return reactions.toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? NaN;
}
