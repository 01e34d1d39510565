import type { Atom } from "../../src/statistics/atom.ts";
import { candidatesOf, candidatesWithTraffic } from "../../src/statistics/candidate.ts";
import type { Candidate } from "../../src/statistics/candidate.ts";
import { certifyJoint } from "../../src/statistics/certify-joint.ts";
import { certifyByFallback, certifyInSequence } from "../../src/statistics/certify-selective.ts";
import { geometricWeights } from "../../src/statistics/fallback-procedure.ts";
import { judgedTarget } from "../../src/statistics/judged-target.ts";
import { certifyRelative, type RelativeCandidate } from "../../src/statistics/relative-accuracy.ts";
import { chooseByObservedRate } from "../../src/statistics/uncertified-thresholds.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";
import { ALLOWED_RATE, createSampler, trueJointRate, trueRate, WORLDS } from "./worlds.ts";
import type { World } from "./worlds.ts";

const SIZES = [100, 300, 1_000, 5_000];
const FAILURES = [0.05, 0.1];

/** The deep model is wrong this often, whatever the cheap one says. */
const DEEP_WRONG = 0.02;
/** The loss of accuracy that shipping everything at the allowed rate brings. */
const ALLOWED_LOSS = (ALLOWED_RATE - DEEP_WRONG) / (1 - DEEP_WRONG);
/** The judge lets this share of the wrong answers pass; so many were verified by people. */
const JUDGE = { missRate: 0.1, verifiedWrong: 100 };

export const ONE_CALIBRATION: Experiment = oneCalibration(2_000);

/** Calibrates again and again in worlds of known truth and counts broken promises. */
export function oneCalibration(runs: number): Experiment {
  return {
    id: "V1",
    claim: "A threshold certified once breaks its promise at most as often as allowed.",
    run: (random) => {
      const worst = new Map<string, number>();
      for (const world of WORLDS) {
        for (const size of SIZES) runCell(random, world, size, runs, worst);
      }
      return [...promised(worst, runs), ...teeth(worst)];
    },
  };
}

function promised(worst: ReadonlyMap<string, number>, runs: number): ValidationFigure[] {
  const rules = ["fallback", "fallback by halves", "split", "joint", "relative", "judged"];
  return FAILURES.flatMap((failure) =>
    rules.map((rule) =>
      figureAtMost(
        `${rule} at ${failure}: worst share of broken promises`,
        worst.get(`${rule} at ${failure}`) ?? NaN,
        failureLimit(failure, runs),
      ),
    ),
  );
}

/** What must fail, and what must come near its limit, lest the worlds be too soft. */
function teeth(worst: ReadonlyMap<string, number>): ValidationFigure[] {
  return FAILURES.flatMap((failure) => [
    figureAtLeast(
      `teeth: observed rate on the edge, share of broken promises (${failure})`,
      worst.get("edge: observed rate") ?? NaN,
      3 * failure,
    ),
    figureAtLeast(
      `teeth: fixed sequence at ${failure} on the edge with 5,000 rows`,
      worst.get(`edge: fixed sequence at ${failure}`) ?? NaN,
      failure / 2,
    ),
  ]);
}

/** One world at one size; keeps the worst share of each rule. */
function runCell(
  random: Random,
  world: World,
  size: number,
  runs: number,
  worst: Map<string, number>,
): void {
  const draw = createSample(world);
  const broken = new Map<string, number>();
  for (let i = 0; i < runs; i += 1) {
    const sample = draw(random, size);
    const missed = binomial(random, JUDGE.verifiedWrong, JUDGE.missRate);
    for (const [rule, isBroken] of judgeRules(world, sample, size, missed)) {
      broken.set(rule, (broken.get(rule) ?? 0) + (isBroken ? 1 : 0));
    }
  }
  for (const [rule, count] of broken) {
    const isTooth = rule.startsWith("edge: fixed sequence");
    if (isTooth && size !== 5_000) continue;
    worst.set(rule, Math.max(worst.get(rule) ?? 0, count / runs));
  }
}

/** Counts of one sample, by what the truth, the judge and the deep model say. */
interface Sample {
  readonly atoms: readonly Atom[];
  readonly judgedAtoms: readonly Atom[];
  readonly relative: readonly RelativeCandidate[];
  /** Each atom by half, then in full. */
  readonly split: readonly Candidate[];
}

function judgeRules(
  world: World,
  sample: Sample,
  size: number,
  missed: number,
): (readonly [string, boolean])[] {
  const all = candidatesOf(sample.atoms);
  const judged = candidatesOf(sample.judgedAtoms);
  const isWrongAt = (threshold: number | null): boolean =>
    threshold !== null && trueRate(world, threshold) > ALLOWED_RATE;
  const results: (readonly [string, boolean])[] = [];
  for (const failureProbability of FAILURES) {
    const target = { atMost: ALLOWED_RATE, failureProbability };
    const started = (candidates: readonly Candidate[]): readonly Candidate[] =>
      candidatesWithTraffic(candidates, trafficOf(world), size, target);
    const candidates = started(all);
    const halves = geometricWeights(candidates.length, 0.5);
    const joint = certifyJoint(all, target).threshold;
    const lossTarget = { atMost: ALLOWED_LOSS, failureProbability };
    const relative = certifyRelative(sample.relative, lossTarget).threshold;
    const half = failureProbability / 2;
    const { atMost } = judgedTarget(missed, JUDGE.verifiedWrong, ALLOWED_RATE, half);
    const byJudge = certifyByFallback(started(judged), { atMost, failureProbability: half });
    const part = certifyByFallback(started(sample.split), target);
    const isPartWrong =
      part.threshold !== null && trueRate(world, part.threshold, part.marginalShare) > ALLOWED_RATE;
    const name = (rule: string): string => `${rule} at ${failureProbability}`;
    results.push(
      [name("fallback"), isWrongAt(certifyByFallback(candidates, target).threshold)],
      [
        name("fallback by halves"),
        isWrongAt(certifyByFallback(candidates, target, halves).threshold),
      ],
      [name("split"), isPartWrong],
      [name("joint"), joint !== null && trueJointRate(world, joint) > ALLOWED_RATE],
      [name("relative"), relative !== null && trueLoss(world, relative) > ALLOWED_LOSS],
      [name("judged"), isWrongAt(byJudge.threshold)],
    );
    if (world.name === "edge" && size === 5_000) {
      const sequence = certifyInSequence(candidates, target).threshold;
      results.push([`edge: fixed sequence at ${failureProbability}`, isWrongAt(sequence)]);
    }
  }
  if (world.name === "edge") {
    const naive = chooseByObservedRate(all, ALLOWED_RATE).threshold;
    results.push(["edge: observed rate", isWrongAt(naive)]);
  }
  return results;
}

/** Share of the deep model's accuracy that shipping from a threshold on loses. */
function trueLoss(world: World, threshold: number): number {
  const shipped = world.atoms.filter(({ confidence }) => confidence >= threshold);
  const lost = shipped.reduce((sum, atom) => sum + atom.mass * (atom.wrongRate - DEEP_WRONG), 0);
  return lost / (1 - DEEP_WRONG);
}

function trafficOf({ atoms }: World): readonly { confidence: number; rows: number }[] {
  return atoms.map(({ confidence, mass }) => ({ confidence, rows: Math.round(mass * 100_000) }));
}

/** Draws rows one by one as cells of atom × cheap × deep, with the judge's slips among the wrong. */
function createSample(world: World): (random: Random, size: number) => Sample {
  const cell = createSampler(
    world.atoms.flatMap(({ mass, wrongRate }) => [
      mass * (1 - wrongRate) * (1 - DEEP_WRONG),
      mass * (1 - wrongRate) * DEEP_WRONG,
      mass * wrongRate * (1 - DEEP_WRONG),
      mass * wrongRate * DEEP_WRONG,
    ]),
  );
  return (random, size) => {
    const counts = new Int32Array(world.atoms.length * 4);
    for (let row = 0; row < size; row += 1) {
      const at = cell(random);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return sampleOf(world, counts, random);
  };
}

function sampleOf(world: World, counts: Int32Array, random: Random): Sample {
  const atoms: Atom[] = [];
  const judgedAtoms: Atom[] = [];
  const relative: RelativeCandidate[] = [];
  const split: Candidate[] = [];
  let deepRight = 0;
  for (let at = 0; at < counts.length; at += 2) deepRight += counts[at] ?? 0;
  let [shipped, shippedWrong, harmed, helped] = [0, 0, 0, 0];
  for (const [i, { confidence }] of world.atoms.entries()) {
    const [right = 0, saved = 0, spoilt = 0, lost = 0] = counts.subarray(4 * i, 4 * i + 4);
    const rows = right + saved + spoilt + lost;
    const wrong = spoilt + lost;
    const judgedWrong = wrong - binomial(random, wrong, JUDGE.missRate);
    atoms.push({ confidence, rows, wrong });
    judgedAtoms.push({ confidence, rows, wrong: judgedWrong });
    const halfWrong = binomial(random, wrong, 0.5);
    const half = halfWrong + binomial(random, rows - wrong, 0.5);
    split.push({
      threshold: confidence,
      marginalShare: 0.5,
      hits: shippedWrong + halfWrong,
      trials: shipped + half,
    });
    shipped += rows;
    shippedWrong += wrong;
    split.push({ threshold: confidence, hits: shippedWrong, trials: shipped });
    harmed += spoilt;
    helped += saved;
    const otherDeepRight = deepRight - harmed;
    relative.push({ threshold: confidence, shipped, harmed, helped, otherDeepRight });
  }
  return { atoms, judgedAtoms, relative, split };
}

function binomial(random: Random, trials: number, share: number): number {
  let hits = 0;
  for (let i = 0; i < trials; i += 1) if (random() < share) hits += 1;
  return hits;
}
