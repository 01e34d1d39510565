import { formatConfidence } from "../format-number.ts";
import { label, type Field } from "./plot.ts";

/** A threshold in a plot, by its mark. */
export interface NamedThreshold {
  readonly threshold: number;
  readonly isInForce: boolean;
  readonly x: number;
  /** Ends of its mark with its interval. */
  readonly above: number;
  readonly below: number;
}

/** A name, by the middle of its line of writing. */
interface Name {
  readonly x: number;
  readonly y: number;
}

/** Room that a name takes, in units of the view box; letters reach so far above their line. */
const NAME_WIDTH = 36;
const LETTERS = 12;
const AIR = 4;

/**
 * Writes thresholds below their marks or else above them, where neither another name nor another's
 * interval is in the way. The one in force comes first and is written in any case.
 */
export function nameThresholds(
  marks: readonly NamedThreshold[],
  { top, bottom }: Field,
): readonly string[] {
  const byRank = marks.toSorted((a, b) => Number(b.isInForce) - Number(a.isInForce));
  const taken: Name[] = [];
  return byRank.flatMap((mark) => {
    const { x, above, below, threshold, isInForce } = mark;
    const under = { x, y: below + 16 };
    const places = [under, { x, y: above - 7 }].filter(
      ({ y }) => y <= bottom - 4 && y - LETTERS >= top,
    );
    const free = places.find(
      (place) =>
        !taken.some((other) => meetsName(place, other)) &&
        !marks.some((other) => other !== mark && meetsMark(place, other)),
    );
    const place = free ?? (isInForce ? (places[0] ?? under) : undefined);
    if (place === undefined) return [];
    taken.push(place);
    return [label([place.x, place.y], formatConfidence(threshold), "value", "middle")];
  });
}

function meetsName(place: Name, other: Name): boolean {
  return Math.abs(place.x - other.x) < NAME_WIDTH && Math.abs(place.y - other.y) < LETTERS + 2;
}

function meetsMark({ x, y }: Name, { x: at, above, below }: NamedThreshold): boolean {
  return Math.abs(x - at) < NAME_WIDTH / 2 + 3 && y + AIR > above && y - LETTERS - AIR < below;
}
