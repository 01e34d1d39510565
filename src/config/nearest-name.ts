/** More changes than this make another word, not a slip of the finger. */
const MAX_CHANGES = 3;

/**
 * The candidate that takes the fewest changes of one character (Levenshtein 1965), the first of
 * several. Null when all take more than three, or as many as the name has characters.
 */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = Math.min(MAX_CHANGES, name.length - 1) + 1;
  for (const candidate of candidates) {
    const changes = countChanges(name.toLowerCase(), candidate.toLowerCase());
    if (changes < fewest) {
      fewest = changes;
      nearest = candidate;
    }
  }
  return nearest;
}

function countChanges(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > MAX_CHANGES) return Infinity;
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
