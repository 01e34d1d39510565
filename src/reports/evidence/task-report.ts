import type { EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import type { ObservedShare } from "../observed-share.ts";
import { itemsIn, wouldShip } from "./item-outcome.ts";
import { shipShareAt } from "./ship-share.ts";
import {
  promiseState,
  wrongShare,
  type Promised,
  type PromiseState,
  type WrongShare,
} from "./wrong-share.ts";

/** Whether the cheap model can be left alone with a task at the threshold in force. */
export interface TaskReport {
  /** Null = requests that name no task. */
  readonly task: string | null;
  /** Items of evidence, graded or not. */
  readonly items: number;
  /** Would ship, of all triages of the task. */
  readonly wouldShip: ObservedShare;
  /** Of what would ship. */
  readonly wrong: WrongShare;
  /** Each task by itself: of twenty that hold at 95 %, one may do so by chance. */
  readonly promise: PromiseState;
}

/** Most evidence first. */
export function describeTasks(
  counts: readonly EvidenceCount[],
  triages: readonly TriageCount[],
  threshold: number,
  promised: Promised,
): readonly TaskReport[] {
  const byTask = Map.groupBy(counts, ({ key }) => key.task);
  const triagesByTask = Map.groupBy(triages, ({ task }) => task);
  const tasks = new Set([...byTask.keys(), ...triagesByTask.keys()]);
  return [...tasks]
    .map((task): TaskReport => {
      const ofTask = byTask.get(task) ?? [];
      const shipping = ofTask.filter(({ key }) => wouldShip(key, threshold));
      const wrong = wrongShare(shipping, promised.failureProbability);
      return {
        task,
        items: itemsIn(ofTask),
        wouldShip: shipShareAt(triagesByTask.get(task) ?? [], threshold),
        wrong,
        promise: promiseState(wrong, promised),
      };
    })
    .toSorted((a, b) => b.items - a.items || ((a.task ?? "") < (b.task ?? "") ? -1 : 1));
}
