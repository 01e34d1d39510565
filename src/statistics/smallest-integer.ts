/**
 * The smallest whole number above `low` and up to `high` for which a claim holds that, once true,
 * stays true. `holds` is not asked for `high`, of which it has to be known.
 *
 * @param low a number for which the claim does not hold, or one less than the first allowed
 * @param high above `low`
 */
export function smallestInteger(
  low: number,
  high: number,
  holds: (candidate: number) => boolean,
): number {
  let [below, found] = [low, high];
  while (found - below > 1) {
    const middle = Math.floor((below + found) / 2);
    if (holds(middle)) found = middle;
    else below = middle;
  }
  return found;
}
