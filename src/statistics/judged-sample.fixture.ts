import type { JudgedSample } from "./judged-sample.ts";

/** Two thousand answers judged, two hundred of them at random also read by humans. */
export const EXAMPLE_SAMPLE: JudgedSample = {
  judged: 2_000,
  judgedWrong: 150,
  checked: { bothWrong: 6, missed: 2, falseAlarm: 7, bothRight: 185 },
};
