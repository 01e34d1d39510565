import { certifySample } from "../../src/reports/tune/certify-sample.ts";
import {
  createThresholdEvidence,
  type EvidenceOptions,
} from "../../src/reports/tune/threshold-evidence.ts";
import type { TuningGoal } from "../../src/reports/tune/tuning-goal.ts";
import type { SampleCell } from "../../src/reports/tune/tuning-sample.ts";
import { anytimeUpperBound } from "../../src/statistics/anytime-upper-bound.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import {
  ALLOWED_RATE,
  createSampler,
  EDGE_WORLD,
  trueJointRate,
  trueRate,
  TYPICAL,
  type World,
} from "./worlds.ts";

const FAILURE = 0.05;
const SHADOW_REQUESTS = 400;
const LIVE_REQUESTS = 4_000;
const LOOK_EVERY = 400;
/** The threshold while live, and the near misses below it. */
const IN_FORCE = 0.9;
const NEAR_MISS_FROM = 0.8;
/** Chances of being drawn in live; the atoms with most errors are drawn most rarely. */
const CHANCES: Readonly<Record<string, number>> = { "0.99": 0.8, "0.95": 0.1, "0.9": 0.3 };
const NEAR_MISS_CHANCE = 0.5;
const SHADOW_DAY = 0;
const LIVE_DAY = 86_400_000;
const LIVE_RANGES = new Map([[LIVE_DAY, NEAR_MISS_FROM]]);

export const UNEQUAL_DRAWS: Experiment = unequalDraws(300);

/**
 * The life of a route: shadow first, then live, where shipped answers and near misses are drawn with
 * chances that hang on the confidence. Tuned again and again all the way.
 */
export function unequalDraws(runs: number): Experiment {
  return {
    id: "V15",
    claim: "Rows of shadow, live and near misses together certify a bad threshold no more often.",
    run: (random) => {
      const limit = failureLimit(FAILURE, runs);
      const edge = trueJointRate(EDGE_WORLD, IN_FORCE) / 1.002;
      const typical = share(random, TYPICAL, runs / 3, goalOf("selective", 0.08), STATED);
      // One threshold with the whole failure probability, where being misled is likeliest.
      const alone = [IN_FORCE];
      const goal = goalOf("selective", ALLOWED_RATE);
      const selective = share(random, EDGE_WORLD, runs, goal, alone);
      const joint = share(random, EDGE_WORLD, runs, goalOf("joint", edge), alone);
      return [
        figureAtMost("selective, on the edge: share of broken promises", selective.broken, limit),
        figureAtMost("joint, on the edge: share of broken promises", joint.broken, limit),
        figureAtLeast("typical world: share of runs that certify something", typical.useful, 0.5),
        figureAtLeast(
          "teeth: the same rows counted alike, share of broken promises",
          selective.careless,
          0.2,
        ),
      ];
    },
  };
}

/** Thresholds that the near misses reach, strictest first. */
const STATED = TYPICAL.atoms
  .map(({ confidence }) => confidence)
  .filter((confidence) => confidence >= NEAR_MISS_FROM);

function goalOf(target: "joint" | "selective", atMost: number): TuningGoal {
  return { target, atMost, confidence: 1 - FAILURE, looks: "any_time" };
}

interface Shares {
  readonly broken: number;
  readonly careless: number;
  readonly useful: number;
}

function share(
  random: Random,
  world: World,
  runs: number,
  goal: TuningGoal,
  thresholds: readonly number[],
): Shares {
  const { target, atMost } = goal;
  const truth = target === "joint" ? trueJointRate : trueRate;
  const counts = { broken: 0, careless: 0, useful: 0 };
  for (let run = 0; run < runs; run += 1) {
    const life = liveThrough(random, world, goal, thresholds);
    const isBad = (threshold: number): boolean => truth(world, threshold) > atMost;
    if (life.weighted.some(isBad)) counts.broken += 1;
    if (life.alike.some(isBad)) counts.careless += 1;
    if (life.weighted.length > 0) counts.useful += 1;
  }
  return {
    broken: counts.broken / runs,
    careless: counts.careless / runs,
    useful: counts.useful / runs,
  };
}

/** One route; what it certified at any look, with weights and without. */
function liveThrough(
  random: Random,
  world: World,
  goal: TuningGoal,
  thresholds: readonly number[],
): { readonly weighted: readonly number[]; readonly alike: readonly number[] } {
  const draw = createSampler(world.atoms.map(({ mass }) => mass));
  const cells = new Map<string, SampleCell>();
  const traffic = new Map<number, number>();
  const found = { weighted: [] as number[], alike: [] as number[] };
  for (let request = 1; request <= SHADOW_REQUESTS + LIVE_REQUESTS; request += 1) {
    const atom = world.atoms[draw(random)];
    if (atom === undefined) continue;
    const { confidence, wrongRate } = atom;
    traffic.set(confidence, (traffic.get(confidence) ?? 0) + 1);
    const isLive = request > SHADOW_REQUESTS;
    const isWrong = random() < wrongRate;
    const chance = isLive ? chanceOf(confidence) : 1;
    if (random() < chance) add(cells, confidence, isWrong, chance, isLive);
    if (request % LOOK_EVERY !== 0) continue;
    found.weighted.push(...look([...cells.values()], thresholds, traffic, request, goal));
    const alike = [...cells.values()].map((cell) => ({ ...cell, weight: 1 }));
    found.alike.push(...look(alike, thresholds, traffic, request, goal));
  }
  return found;
}

function chanceOf(confidence: number): number {
  if (confidence >= IN_FORCE) return CHANCES[String(confidence)] ?? 0.3;
  return confidence >= NEAR_MISS_FROM ? NEAR_MISS_CHANCE : 0;
}

/** The certified threshold of one look, if any. */
function look(
  cells: readonly SampleCell[],
  thresholds: readonly number[],
  traffic: ReadonlyMap<number, number>,
  requests: number,
  goal: TuningGoal,
): readonly number[] {
  const forShare = FAILURE / 20;
  const shareShipped: EvidenceOptions["shareShipped"] = (threshold) => {
    let reached = 0;
    for (const [confidence, rows] of traffic) if (confidence >= threshold) reached += rows;
    return { low: 0.01, high: anytimeUpperBound(reached, requests, forShare) };
  };
  const at = createThresholdEvidence(cells, { goal, liveRanges: LIVE_RANGES, shareShipped });
  const left = goal.target === "joint" ? FAILURE - forShare : FAILURE;
  const { threshold } = certifySample(thresholds.map(at), goal, left);
  return threshold === null ? [] : [threshold];
}

function add(
  cells: Map<string, SampleCell>,
  confidence: number,
  isWrong: boolean,
  chance: number,
  isLive: boolean,
): void {
  const name = `${String(confidence)} ${String(isWrong)} ${String(isLive)}`;
  const cell = cells.get(name);
  if (cell !== undefined) {
    cell.rows += 1;
    return;
  }
  cells.set(name, {
    ...{ dayMs: isLive ? LIVE_DAY : SHADOW_DAY, confidence, isWrong, isDeepWrong: null },
    ...{ weight: 1 / chance, draw: isLive ? "live" : "whole_range" },
    ...{ cluster: null, gradeLevel: 0, check: null, rows: 1 },
  });
}
