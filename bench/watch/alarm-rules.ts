import { PAGER_LEVEL, startErrorWatch, watchError } from "../../src/watch/error-watch.ts";

/** Decides after each grade whether to tell somebody. One is for one stream. */
export interface AlarmRule {
  /** For the table. */
  readonly name: string;
  readonly start: (atMost: number) => (isWrong: boolean) => boolean;
}

/** Grades that a bound looks back on: below 600 it lies above 5 % even without a wrong one. */
const BOUND_WINDOW = 1_000;
const RATE_WINDOW = 100;
/** How far a mean of so many lies from the truth in 95 of 100 cases at most (W. Hoeffding). */
const REACH = Math.sqrt(-Math.log(0.05) / (2 * BOUND_WINDOW));

export const ALARM_RULES: readonly AlarmRule[] = [
  {
    name: "ours, pager level 5,000",
    start: (atMost) => {
      let state = startErrorWatch(atMost);
      return (isWrong) => {
        const step = watchError(atMost, state, { isWrong, weight: 1 }, PAGER_LEVEL);
        state = step.state;
        return step.isAlarm;
      };
    },
  },
  {
    name: "upper Hoeffding bound of the last 1,000 above the target",
    start: (atMost) => overWindow(BOUND_WINDOW, (rate) => rate + REACH > atMost),
  },
  {
    name: "lower Hoeffding bound of the last 1,000 above the target",
    start: (atMost) => overWindow(BOUND_WINDOW, (rate) => rate - REACH > atMost),
  },
  {
    name: "rate of the last 100 above the target",
    start: (atMost) => overWindow(RATE_WINDOW, (rate) => rate > atMost),
  },
];

/** Says nothing before its window is full, and empties it on an alarm, as a detector begins anew. */
function overWindow(
  size: number,
  isOver: (rate: number) => boolean,
): (isWrong: boolean) => boolean {
  let window: boolean[] = [];
  let wrong = 0;
  return (isWrong) => {
    window.push(isWrong);
    if (isWrong) wrong += 1;
    if (window.length > size && window.shift() === true) wrong -= 1;
    if (window.length < size || !isOver(wrong / size)) return false;
    window = [];
    wrong = 0;
    return true;
  };
}
