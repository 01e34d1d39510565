import { createRandom, type Random } from "../../src/support/random.ts";
import { ALARM_RULES, type AlarmRule } from "./alarm-rules.ts";

/** What one rule did on the same streams as the others. */
export interface RuleFigures {
  readonly name: string;
  /** Of 5,000 grades at each quiet rate, mean over streams. */
  readonly falseAlarms: readonly number[];
  /** Grades from the change to the first alarm, for each bad rate. */
  readonly delays: readonly DelayFigures[];
}

export interface DelayFigures {
  readonly median: number;
  /** Nine in ten are seen by then. */
  readonly slow: number;
  /** Streams in which it was not seen in `MOST_GRADES`. */
  readonly unseen: number;
}

/** Allowed share of wrong answers among those that ship. */
export const TARGET = 0.05;
/** True rates as multiples of it: quiet ones, and those that have to be told. */
export const QUIET: readonly number[] = [0.3, 0.5, 0.6, 0.77];
export const BAD: readonly number[] = [2, 3, 4];
export const QUIET_GRADES = 5_000;
/** Healthy grades before it gets worse, at .6 of the target. */
export const GRADES_BEFORE = 1_000;
const HEALTHY = 0.6;
const MOST_GRADES = 5_000;

/**
 * Every rule sees the same grades. Between the rules there is no other difference than the rule: an
 * alarm before the change does not count against its delay, and whoever alarms begins anew.
 *
 * @param streams of each true rate
 */
export function compareAlarms(seed: string, streams: number): readonly RuleFigures[] {
  return ALARM_RULES.map((rule) => ({
    name: rule.name,
    falseAlarms: QUIET.map((multiple) => meanFalseAlarms(rule, multiple, seed, streams)),
    delays: BAD.map((multiple) => delaysOf(rule, multiple, seed, streams)),
  }));
}

function meanFalseAlarms(rule: AlarmRule, multiple: number, seed: string, streams: number): number {
  let alarms = 0;
  for (let stream = 0; stream < streams; stream += 1) {
    const random = createRandom(`${seed} quiet ${multiple} ${stream}`);
    const observe = rule.start(TARGET);
    for (let n = 0; n < QUIET_GRADES; n += 1) if (observe(isWrong(random, multiple))) alarms += 1;
  }
  return alarms / streams;
}

function delaysOf(rule: AlarmRule, multiple: number, seed: string, streams: number): DelayFigures {
  const delays = Array.from({ length: streams }, (_, stream) => {
    const random = createRandom(`${seed} bad ${multiple} ${stream}`);
    const observe = rule.start(TARGET);
    for (let n = 0; n < GRADES_BEFORE; n += 1) observe(isWrong(random, HEALTHY));
    for (let n = 1; n <= MOST_GRADES; n += 1) if (observe(isWrong(random, multiple))) return n;
    return Infinity;
  }).toSorted((a, b) => a - b);
  const at = (share: number): number => delays[Math.ceil(share * streams) - 1] ?? NaN;
  const unseen = delays.filter((delay) => delay === Infinity).length;
  return { median: at(0.5), slow: at(0.9), unseen };
}

function isWrong(random: Random, multiple: number): boolean {
  return random() < multiple * TARGET;
}
