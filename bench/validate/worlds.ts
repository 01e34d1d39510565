import type { Random } from "../../src/support/random.ts";

/** Requests of one confidence: how often they come and how often the cheap answer is wrong. */
export interface WorldAtom {
  readonly confidence: number;
  /** Share of the traffic; all sum to 1. */
  readonly mass: number;
  readonly wrongRate: number;
}

/** Traffic whose truth is known, to hold promises against. Atoms from strict to loose. */
export interface World {
  readonly name: string;
  readonly atoms: readonly WorldAtom[];
}

/** The rate of wrong answers that rules are asked to keep in all worlds. */
export const ALLOWED_RATE = 0.05;

/** How far beyond the allowed rate the thresholds on the edge are: too near to be told apart. */
const EDGE = 1.002 * ALLOWED_RATE;

export const TYPICAL: World = world("typical", [
  [0.99, 0.1, 0.01],
  [0.95, 0.25, 0.03],
  [0.9, 0.2, 0.05],
  [0.85, 0.15, 0.0967],
  [0.8, 0.12, 0.15],
  [0.7, 0.08, 0.25],
  [0.6, 0.06, 0.35],
  [0.5, 0.04, 0.5],
]);

/** Errors fall so that every threshold but the strictest is just beyond what is allowed. */
export const EDGE_WORLD: World = world("edge", [
  [0.99, 0.15, 0.3 * ALLOWED_RATE],
  [0.95, 0.15, 2 * EDGE - 0.3 * ALLOWED_RATE],
  [0.9, 0.2, EDGE],
  [0.8, 0.25, EDGE],
  [0.7, 0.25, EDGE],
]);

export const WORLDS: readonly World[] = [
  TYPICAL,
  world("bad top", [
    [1, 0.12, 0.1],
    [0.95, 0.2, 0.03],
    [0.9, 0.18, 0.036],
    [0.8, 0.25, 0.14],
    [0.6, 0.25, 0.3],
  ]),
  world("three atoms", [
    [0.95, 0.28, 0.02],
    [0.9, 0.35, 0.07],
    [0.8, 0.37, 0.2],
  ]),
  world("easy", [
    [0.99, 0.4, 0.01],
    [0.95, 0.3, 0.03],
    [0.9, 0.2, 0.05],
    [0.8, 0.1, 0.08],
  ]),
  EDGE_WORLD,
  world("nothing is safe", [
    [0.99, 0.3, EDGE],
    [0.95, 0.3, EDGE],
    [0.9, 0.4, EDGE],
  ]),
];

/**
 * The true share of wrong answers among those with at least this confidence; 0 if nothing ships. Of
 * just this confidence, only `marginalShare` ships.
 */
export function trueRate({ atoms }: World, threshold: number, marginalShare = 1): number {
  const shipped = atoms
    .filter(({ confidence }) => confidence >= threshold)
    .map((atom) =>
      atom.confidence === threshold ? { ...atom, mass: marginalShare * atom.mass } : atom,
    );
  const mass = shipped.reduce((sum, atom) => sum + atom.mass, 0);
  return mass === 0 ? 0 : wrongMass(shipped) / mass;
}

/** The true share of all requests that ship wrong. */
export function trueJointRate({ atoms }: World, threshold: number): number {
  return wrongMass(atoms.filter(({ confidence }) => confidence >= threshold));
}

/** The share of requests that do not ship. */
export function escalationRate({ atoms }: World, threshold: number | null): number {
  if (threshold === null) return 1;
  return atoms
    .filter(({ confidence }) => confidence < threshold)
    .reduce((sum, { mass }) => sum + mass, 0);
}

/** Draws the index of a cell with the given probabilities, fast. */
export function createSampler(probabilities: readonly number[]): (random: Random) => number {
  const sums: number[] = [];
  let sum = 0;
  for (const probability of probabilities) sums.push((sum += probability));
  const last = probabilities.length - 1;
  // Where to begin the search for a draw; most draws end there.
  const guide = Array.from({ length: 1_024 }, (_, i) => {
    return Math.min(
      last,
      sums.findIndex((end) => end * 1_024 > i),
    );
  }).map((cell) => (cell < 0 ? last : cell));
  return (random) => {
    const u = random();
    let cell = guide[Math.floor(u * 1_024)] ?? last;
    while (cell < last && (sums[cell] ?? 1) <= u) cell += 1;
    return cell;
  };
}

function world(name: string, atoms: readonly (readonly [number, number, number])[]): World {
  return {
    name,
    atoms: atoms.map(([confidence, mass, wrongRate]) => ({ confidence, mass, wrongRate })),
  };
}

function wrongMass(atoms: readonly WorldAtom[]): number {
  return atoms.reduce((sum, { mass, wrongRate }) => sum + mass * wrongRate, 0);
}
