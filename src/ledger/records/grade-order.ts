/**
 * Where an item stands in the one order in which all graders are offered items, from 0 (first) to
 * below 1. It depends on the item's id alone, so whoever grades in this order and stops when they
 * like has graded a random sample, whatever the answers are.
 *
 * The id is hashed by FNV-1a over its UTF-16 units and mixed by the finaliser of MurmurHash3. No
 * secret: ids are random digits or hashes, which nobody chooses.
 */
export function gradeOrder(itemId: string): number {
  let mixed = 0x811c9dc5;
  for (let position = 0; position < itemId.length; position += 1) {
    mixed = Math.imul(mixed ^ itemId.charCodeAt(position), 0x01000193);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** The highest level: beyond it the order makes no further difference. */
export const MOST_GRADE_LEVEL = 12;

/**
 * The smallest of the nested samples that an item is in: one of level `n` is among the first 2⁻ⁿ of
 * the order. When all items of a level and above are graded, they are a random sample whose
 * probability is that share.
 */
export function gradeLevel(itemId: string): number {
  const order = gradeOrder(itemId);
  if (order === 0) return MOST_GRADE_LEVEL;
  return Math.min(MOST_GRADE_LEVEL, Math.floor(-Math.log2(order)));
}
