import type { Random } from "../../src/support/random.ts";
import {
  CONTROL_LEVEL,
  type ControlPlan,
  type StatedCount,
} from "../../src/watch/control-threshold.ts";
import { leastConfiguredShare } from "../../src/watch/read-verdict.ts";
import { rungsOf } from "../../src/watch/rungs.ts";
import type { WatchedRoute } from "../../src/watch/watched-route.ts";
import { figureAtLeast, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";
import {
  runStream,
  type LiveStream,
  type StreamOutcome,
  type ThresholdRule,
} from "./live-stream.ts";
import { carelessRule, controllerRule, fixedRule } from "./threshold-rules.ts";
import { ALLOWED_RATE, TYPICAL, type World } from "./worlds.ts";

const RUNS = 40;
const REQUESTS = 300_000;
const START = 0.85;
const NEVER_SHIP = 1.01;

/** What a ledger counts of the typical traffic; errors change in these streams, and no confidence. */
const STATED: readonly StatedCount[] = TYPICAL.atoms.map(({ confidence, mass }) => ({
  confidence,
  triages: Math.round(REQUESTS * mass),
}));

const SAMPLING = { shadow: 0, grade: 0.05, band: 0.05 };

/** As the watch makes it of a route that grades so much: see `route-step.ts`. */
export function controlPlan(sampling: WatchedRoute["sampling"]): ControlPlan {
  return {
    atMost: ALLOWED_RATE,
    rungs: rungsOf(STATED, NEVER_SHIP),
    stated: STATED,
    bandShare: sampling.band,
    leastShare: leastConfiguredShare({ sampling }),
    raise: "auto",
    lower: "auto",
  };
}

export const CONTROL_PLAN: ControlPlan = controlPlan(SAMPLING);

/** The typical world with all errors so many times as frequent. */
export function timesWrong(factor: number): World {
  const atoms = TYPICAL.atoms.map((atom) => ({
    ...atom,
    wrongRate: Math.min(1, factor * atom.wrongRate),
  }));
  return { name: `typical, ${factor} x the errors`, atoms };
}

const STABLE = [{ from: 0, world: TYPICAL }];
const GOOD = [{ from: 0, world: timesWrong(0.4) }];
const DIP = [
  { from: 0, world: TYPICAL },
  { from: 100_000, world: timesWrong(2.5) },
  { from: 200_000, world: TYPICAL },
];

const stream = (phases: LiveStream["phases"]): LiveStream => ({
  ...{ requests: REQUESTS, atMost: ALLOWED_RATE, phases, delay: 0 },
  ...{ gradeShare: SAMPLING.grade, denser: 5, bandShare: SAMPLING.band },
});

export const CONTROLLER: Experiment = {
  id: "V7",
  claim: "The controller lowers a threshold only where that is safe, and ships less in a dip.",
  run: (random) => {
    const ours = (phases: LiveStream["phases"]) =>
      runsOf(random, phases, () => controllerRule(CONTROL_PLAN, START));
    const [stable, dip, good] = [ours(STABLE), ours(DIP), ours(GOOD)];
    const careless = runsOf(random, STABLE, () => carelessRule(CONTROL_PLAN, START));
    const fixed = runsOf(random, DIP, () => fixedRule(START));
    return [
      unsafeFigure("stable", stable),
      unsafeFigure("x2.5 dip", dip),
      unsafeFigure("good", good),
      figureAtMost(
        "x2.5 dip: share of what ships in violation, of a fixed threshold's",
        violationShare(dip) / violationShare(fixed),
        0.6,
      ),
      figureAtMost("stable: raises, all of them false, per 2,000 grades", falseRaises(stable), 1),
      figureAtLeast("good: runs with a lowering", shareOf(good, hasLowering), 0.9),
      figureAtLeast(
        "teeth: by the last 100 grades, share of runs with an unsafe lowering",
        shareOf(careless, hasUnsafeLowering),
        0.3,
      ),
    ];
  },
};

function runsOf(
  random: Random,
  phases: LiveStream["phases"],
  rule: () => ThresholdRule,
): readonly StreamOutcome[] {
  return Array.from({ length: RUNS }, () => runStream(stream(phases), rule(), random));
}

export function unsafeFigure(name: string, runs: readonly StreamOutcome[]): ValidationFigure {
  return figureAtMost(
    `${name}: share of runs with an unsafe lowering`,
    shareOf(runs, hasUnsafeLowering),
    0.05,
  );
}

export function hasUnsafeLowering({ moves }: StreamOutcome): boolean {
  return moves.some(({ direction, isUnsafe }) => direction === "lower" && isUnsafe);
}

export function hasLowering({ moves }: StreamOutcome): boolean {
  return moves.some(({ direction }) => direction === "lower");
}

/** Of what ships, the share that does while more of it is wrong than is allowed. */
export function violationShare(runs: readonly StreamOutcome[]): number {
  const shipped = sumOf(runs, (run) => run.shipped);
  return sumOf(runs, ({ shippedInViolation }) => shippedInViolation) / shipped;
}

function falseRaises(runs: readonly StreamOutcome[]): number {
  const raises = sumOf(
    runs,
    ({ moves }) => moves.filter(({ direction }) => direction === "raise").length,
  );
  return (CONTROL_LEVEL * raises) / sumOf(runs, ({ graded }) => graded);
}

export function sumOf(
  runs: readonly StreamOutcome[],
  value: (run: StreamOutcome) => number,
): number {
  return runs.reduce((total, run) => total + value(run), 0);
}

export function shareOf<Run>(runs: readonly Run[], holds: (run: Run) => boolean): number {
  return runs.filter(holds).length / runs.length;
}
