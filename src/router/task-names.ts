/** Keeps the number of tasks per route bounded, so that no header can grow a table without end. */
export interface TaskNames {
  /** The task as it is booked: itself, or `other` when the route has too many. */
  admit(route: string, task: string | null): string | null;
}

const MAX_TASKS_PER_ROUTE = 100;
const OVERFLOW_TASK = "other";

export function createTaskNames(): TaskNames {
  const namesByRoute = new Map<string, Set<string>>();
  return {
    admit(route, task) {
      if (task === null) return null;
      let names = namesByRoute.get(route);
      if (names === undefined) namesByRoute.set(route, (names = new Set()));
      if (names.has(task)) return task;
      if (names.size >= MAX_TASKS_PER_ROUTE) return OVERFLOW_TASK;
      names.add(task);
      return task;
    },
  };
}
