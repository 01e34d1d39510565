import { itemsIn } from "./item-outcome.ts";
import { promiseAt, type PromiseAt, type PromiseBasis } from "./promise-at.ts";

/**
 * Whether the cheap model can be left alone with a task at the threshold in force. Each task by
 * itself: of twenty promises that hold at 95 %, one may do so by chance.
 */
export interface TaskReport extends PromiseAt {
  /** Null = requests that name no task. */
  readonly task: string | null;
  /** Items of evidence, graded or not. */
  readonly items: number;
}

/** Most evidence first. */
export function describeTasks(threshold: number, basis: PromiseBasis): readonly TaskReport[] {
  const byTask = Map.groupBy(basis.counts, ({ key }) => key.task);
  const triagesByTask = Map.groupBy(basis.triages, ({ task }) => task);
  const tasks = new Set([...byTask.keys(), ...triagesByTask.keys()]);
  return [...tasks]
    .map((task): TaskReport => {
      const counts = byTask.get(task) ?? [];
      const triages = triagesByTask.get(task) ?? [];
      return {
        task,
        items: itemsIn(counts),
        ...promiseAt(threshold, { ...basis, counts, triages }),
      };
    })
    .toSorted((a, b) => b.items - a.items || ((a.task ?? "") < (b.task ?? "") ? -1 : 1));
}
