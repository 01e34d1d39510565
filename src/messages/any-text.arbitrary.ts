import fc from "fast-check";

/**
 * A character: often ASCII, often one that JSON, UTF-8 or server-sent events treat in a special
 * way, sometimes any other. fast-check's own `binary` unit is of the same kind, but takes seconds
 * to set up.
 */
export function anyCharacter(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom('"', "\\", "\n", "\r", "\t", "\0", "\u007f", "é", "\u2028", "\uFEFF", "🌊"),
    fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code)),
  );
}

export function anyText(): fc.Arbitrary<string> {
  return fc.string({ unit: anyCharacter() });
}
