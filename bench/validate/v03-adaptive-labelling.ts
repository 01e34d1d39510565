import { nextLabel, startLabelling } from "../../src/statistics/adaptive-labelling.ts";
import type { LabellingPlan } from "../../src/statistics/adaptive-labelling.ts";
import { candidatesOf, candidatesWithTraffic } from "../../src/statistics/candidate.ts";
import { certifyByFallback } from "../../src/statistics/certify-selective.ts";
import { geometricWeights } from "../../src/statistics/fallback-procedure.ts";
import { repeatablePValues } from "../../src/statistics/p-value-source.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtMost } from "./experiment.ts";
import type { Experiment, ValidationFigure } from "./experiment.ts";
import {
  ALLOWED_RATE,
  createSampler,
  EDGE_WORLD,
  escalationRate,
  trueRate,
  TYPICAL,
} from "./worlds.ts";
import type { World } from "./worlds.ts";

const FAILURE = 0.05;

export const ADAPTIVE_LABELLING: Experiment = {
  id: "V3",
  claim: "Labelling only where it decides keeps the promise and spends no more labels.",
  run: (random) =>
    [
      { labelBudget: 300, runs: 1_500 },
      { labelBudget: 1_000, runs: 1_000 },
      { labelBudget: 5_000, runs: 300 },
    ].flatMap(({ labelBudget, runs }) => figuresOf(random, labelBudget, runs)),
};

function figuresOf(random: Random, labelBudget: number, runs: number): ValidationFigure[] {
  const edge = walkOften(random, EDGE_WORLD, labelBudget, runs);
  const typical = walkOften(random, TYPICAL, labelBudget, runs / 2);
  const name = `budget ${labelBudget}`;
  return [
    figureAtMost(`${name}: broken promises on the edge`, edge.broken, failureLimit(FAILURE, runs)),
    figureAtMost(`${name}: share of the budget spent`, typical.labels / labelBudget, 1),
    figureAtMost(
      `${name}: escalation less that of as many labels spread evenly, by the same test`,
      typical.escalation - typical.evenEscalation,
      0,
    ),
  ];
}

interface Walks {
  readonly broken: number;
  /** Means over the walks. */
  readonly labels: number;
  readonly escalation: number;
  /** Of the fallback rule with as many labels on rows as they come. */
  readonly evenEscalation: number;
}

function walkOften(random: Random, world: World, labelBudget: number, runs: number): Walks {
  const cell = createSampler(
    world.atoms.flatMap(({ mass, wrongRate }) => [mass * (1 - wrongRate), mass * wrongRate]),
  );
  const plan: LabellingPlan = {
    thresholds: world.atoms.map(({ confidence }) => confidence),
    weights: geometricWeights(world.atoms.length),
    atMost: ALLOWED_RATE,
    failureProbability: FAILURE,
    labelBudget,
  };
  let [broken, labels, escalation, evenEscalation] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const cells = Array.from({ length: 10 * labelBudget }, () => cell(random));
    const walked = walk(plan, world, cells);
    const loosest = walked.certified.length === 0 ? null : Math.min(...walked.certified);
    if (loosest !== null && trueRate(world, loosest) > ALLOWED_RATE) broken += 1;
    labels += walked.labelsSpent;
    escalation += escalationRate(world, loosest);
    evenEscalation += escalationRate(world, evenly(world, cells.slice(0, walked.labelsSpent)));
  }
  return {
    broken: broken / runs,
    labels: labels / runs,
    escalation: escalation / runs,
    evenEscalation: evenEscalation / runs,
  };
}

function walk(
  plan: LabellingPlan,
  world: World,
  cells: readonly number[],
): { readonly certified: readonly number[]; readonly labelsSpent: number } {
  const confidences = cells.map((at) => world.atoms[at >> 1]?.confidence ?? 0);
  const known = new Uint8Array(cells.length);
  const label = (row: number): boolean | undefined =>
    known[row] === 1 ? (cells[row] ?? 0) % 2 === 1 : undefined;
  let state = startLabelling();
  for (;;) {
    const move = nextLabel(plan, state, confidences, label);
    if (move.kind === "stop") return move.state;
    known[move.row] = 1;
    state = move.state;
  }
}

function evenly(world: World, cells: readonly number[]): number | null {
  const atoms = world.atoms.map(({ confidence }, i) => ({
    confidence,
    rows: cells.filter((at) => at >> 1 === i).length,
    wrong: cells.filter((at) => at === 2 * i + 1).length,
  }));
  const target = { atMost: ALLOWED_RATE, failureProbability: FAILURE };
  const traffic = world.atoms.map(({ confidence, mass }) => ({ confidence, rows: mass }));
  const candidates = candidatesWithTraffic(candidatesOf(atoms), traffic, cells.length, target);
  return certifyByFallback(candidates, { ...target, pValues: repeatablePValues() }).threshold;
}
