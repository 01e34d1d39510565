import { certifyAlongPath, certifyGrid, paretoPath } from "../../src/statistics/tier-path.ts";
import type { TierSetting } from "../../src/statistics/tier-path.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";
import { ALLOWED_RATE, createSampler } from "./worlds.ts";

const FAILURE = 0.05;
const RUNS = 1_000;
const PILOT_ROWS = 300;
const COSTS = [0.001, 0.006, 0.03] as const;

/** Confidences that each of the two cheaper tiers states. */
const STATED = [0.99, 0.95, 0.9, 0.8, 0.6] as const;

/** How often a request is of each difficulty, and how often each tier is then wrong. */
const DIFFICULTIES = [
  { mass: 0.55, wrong: [0.015, 0.01] },
  { mass: 0.25, wrong: [0.09, 0.03] },
  { mass: 0.2, wrong: [0.4, 0.15] },
] as const;

/** How often each confidence is stated at each difficulty, in the order of `STATED`. */
const STATES = [
  [0.35, 0.35, 0.2, 0.07, 0.03],
  [0.12, 0.25, 0.33, 0.2, 0.1],
  [0.04, 0.1, 0.2, 0.31, 0.35],
] as const;

/** A threshold for each of two tiers; above 1, the tier never ships. */
interface Setting {
  readonly id: string;
  readonly first: number;
  readonly second: number;
}

const SETTINGS: readonly Setting[] = [...STATED, 1.01].flatMap((first) =>
  [...STATED].map((second) => ({ id: `${first}/${second}`, first, second })),
);

/** Everything that can happen to one request, with its probability. */
interface Outcome {
  readonly probability: number;
  readonly confidences: readonly [number, number];
  readonly isWrong: readonly [boolean, boolean];
}

const OUTCOMES = outcomesOf();
const TRUTH = SETTINGS.map((setting) => ({
  id: setting.id,
  lossRate: meanOf((outcome) => lossOf(setting, outcome)),
  cost: meanOf((outcome) => costOf(setting, outcome)),
}));

/** Set so that one of the settings that a path should hold is just beyond it. */
const ALLOWED = edgeLoss() / 1.002;

export const THREE_TIERS: Experiment = {
  id: "V12",
  claim: "Thresholds of two tiers tuned together keep the loss of the whole cascade.",
  run: (random) => {
    const draw = createSampler(OUTCOMES.map(({ probability }) => probability));
    return [300, 1_000, 3_000].flatMap((rows) => figuresOf(random, draw, rows));
  },
};

function figuresOf(
  random: Random,
  draw: (random: Random) => number,
  rows: number,
): ValidationFigure[] {
  const broken = { path: 0, grid: 0, naive: 0 };
  const target = { atMost: ALLOWED, failureProbability: FAILURE };
  for (let run = 0; run < RUNS; run += 1) {
    const pilot = measure(random, draw, PILOT_ROWS);
    const settings = measure(random, draw, rows);
    const byId = new Map(settings.map((setting) => [setting.id, setting]));
    const path = paretoPath(
      pilot.map(({ id, hits, trials, cost }) => ({ id, lossRate: hits / trials, cost })),
      ALLOWED,
    ).flatMap((id) => byId.get(id) ?? []);
    if (isTooMuch(certifyAlongPath(path, target).chosen)) broken.path += 1;
    if (isTooMuch(certifyGrid(settings, target).chosen)) broken.grid += 1;
    const naive = settings
      .filter(({ hits, trials }) => hits / trials <= ALLOWED)
      .toSorted((a, b) => a.cost - b.cost)[0];
    if (isTooMuch(naive?.id ?? null)) broken.naive += 1;
  }
  const limit = failureLimit(FAILURE, RUNS);
  const figures = [
    figureAtMost(`${rows} rows, along the path: broken promises`, broken.path / RUNS, limit),
    figureAtMost(`${rows} rows, whole grid: broken promises`, broken.grid / RUNS, limit),
  ];
  if (rows > 300) return figures;
  return [
    ...figures,
    figureAtLeast("teeth: 300 rows, by observed loss: broken promises", broken.naive / RUNS, 0.15),
  ];
}

function isTooMuch(id: string | null): boolean {
  return TRUTH.some((setting) => setting.id === id && setting.lossRate > ALLOWED);
}

/** Of the settings that none beats in truth, the loss nearest to the usual rate. */
function edgeLoss(): number {
  const path = new Set(paretoPath(TRUTH, 1));
  const losses = TRUTH.filter(({ id }) => path.has(id)).map(({ lossRate }) => lossRate);
  const distance = (loss: number): number => Math.abs(loss - ALLOWED_RATE);
  return losses.toSorted((a, b) => distance(a) - distance(b))[0] ?? ALLOWED_RATE;
}

function meanOf(value: (outcome: Outcome) => number): number {
  return OUTCOMES.reduce((sum, outcome) => sum + outcome.probability * value(outcome), 0);
}

/** Every setting on the same rows. */
function measure(
  random: Random,
  draw: (random: Random) => number,
  rows: number,
): readonly TierSetting[] {
  const counts = new Map<Outcome, number>();
  for (let row = 0; row < rows; row += 1) {
    const outcome = OUTCOMES[draw(random)];
    if (outcome !== undefined) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return SETTINGS.map((setting) => {
    let [hits, cost] = [0, 0];
    for (const [outcome, count] of counts) {
      hits += count * lossOf(setting, outcome);
      cost += count * costOf(setting, outcome);
    }
    return { id: setting.id, hits, trials: rows, cost: cost / rows };
  });
}

/** 1 when a wrong answer ships from one of the two cheaper tiers. */
function lossOf({ first, second }: Setting, { confidences, isWrong }: Outcome): number {
  if (confidences[0] >= first) return isWrong[0] ? 1 : 0;
  return confidences[1] >= second && isWrong[1] ? 1 : 0;
}

function costOf({ first, second }: Setting, { confidences }: Outcome): number {
  // A tier that never ships is not asked.
  const asked = first > 1 ? 0 : COSTS[0];
  if (confidences[0] >= first) return asked;
  return asked + COSTS[1] + (confidences[1] >= second ? 0 : COSTS[2]);
}

function outcomesOf(): readonly Outcome[] {
  return DIFFICULTIES.flatMap(({ mass, wrong }, difficulty) => {
    const stated = STATES[difficulty] ?? [];
    return STATED.flatMap((one, i) =>
      STATED.flatMap((two, j) =>
        [false, true].flatMap((firstWrong) =>
          [false, true].map((secondWrong): Outcome => {
            const confidence = (stated[i] ?? 0) * (stated[j] ?? 0);
            const first = firstWrong ? wrong[0] : 1 - wrong[0];
            const second = secondWrong ? wrong[1] : 1 - wrong[1];
            return {
              probability: mass * confidence * first * second,
              confidences: [one, two],
              isWrong: [firstWrong, secondWrong],
            };
          }),
        ),
      ),
    );
  });
}
