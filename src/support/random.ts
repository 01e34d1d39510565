/** A stream of uniform draws from [0, 1). Seeded, so that a run can be repeated. */
export type Random = () => number;

/**
 * sfc32 (Chris Doty-Humphrey's small fast counter generator): 128 bits of state, passes PractRand.
 * Not for secrets.
 *
 * @param seed any string; equal seeds give equal streams
 */
export function createRandom(seed: string): Random {
  let [a, b, c, counter] = seedWords(seed);
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  // The first draws still show the seed; the generator's author discards a dozen.
  for (let i = 0; i < 12; i += 1) next();
  return next;
}

/** Four words from a string by FNV-1a with four different offsets. */
function seedWords(seed: string): [number, number, number, number] {
  const wordFrom = (offset: number): number => {
    let hash = offset;
    for (let i = 0; i < seed.length; i += 1) {
      hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    }
    return hash | 0;
  };
  return [
    wordFrom(0x811c9dc5),
    wordFrom(0x9e3779b9),
    wordFrom(0x85ebca6b),
    wordFrom(0xc2b2ae35) | 1,
  ];
}
