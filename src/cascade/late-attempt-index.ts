/** Jobs that ask a model, each with the first of its numbers. */
const FIRST_INDEX = { shadow: 200, judge: 300 } as const;

export type AskingJob = keyof typeof FIRST_INDEX;

/**
 * The number of an attempt that a job makes. It follows from the job's kind and try, so that a try
 * whose result is written twice counts once and no two jobs of a request take the same number; the
 * request's own attempts count from 0 and are far fewer.
 *
 * @param tries how often the job was leased, the present lease included
 */
export function lateAttemptIndex(kind: AskingJob, tries: number): number {
  return FIRST_INDEX[kind] + tries;
}
