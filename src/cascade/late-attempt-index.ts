/** Jobs that ask a model, each with the first of its numbers. */
const FIRST_INDEX = { shadow: 200, judge: 300, candidate: 400 } as const;

/** Numbers that one job may take: more than it is tried. */
const INDEXES_PER_PLACE = 20;

export type AskingJob = keyof typeof FIRST_INDEX;

/**
 * The number of an attempt that a job makes. It follows from the job's kind, place and try, so that a
 * try whose result is written twice counts once and no two jobs of a request take the same number;
 * the request's own attempts count from 0 and are far fewer.
 *
 * @param tries how often the job was leased, the present lease included
 * @param place tells jobs of one kind and request apart, from 0 to 4
 */
export function lateAttemptIndex(kind: AskingJob, tries: number, place = 0): number {
  return FIRST_INDEX[kind] + place * INDEXES_PER_PLACE + tries;
}
