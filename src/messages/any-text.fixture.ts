import fc from "fast-check";
import type { JsonValue } from "../support/json.ts";

export function anyText(): fc.Arbitrary<string> {
  return fc.string({ unit: anyCharacter() });
}

/**
 * A name of a member, without backslashes. Once V8 13.6 has parsed a name that holds one, its
 * `JSON.parse` may misread an escaped name that begins like it (nodejs/node#63785), and tests that
 * compare with `JSON.parse` would fail now and then.
 */
export function anyName(): fc.Arbitrary<string> {
  return fc.string({ unit: anyNameCharacter() });
}

/** What `JSON.parse` can return, but for -0, which `JSON.stringify` does not write. */
export function anyJson(): fc.Arbitrary<JsonValue> {
  return fc
    .jsonValue({ stringUnit: anyNameCharacter() })
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
}

function anyNameCharacter(): fc.Arbitrary<string> {
  return anyCharacter().filter((character) => character !== "\\");
}

/**
 * A character: often ASCII, often one that JSON, UTF-8 or server-sent events treat in a special
 * way, sometimes any other. fast-check's own `binary` unit is of the same kind, but takes seconds
 * to set up.
 */
function anyCharacter(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom('"', "\\", "\n", "\r", "\t", "\0", "\u007f", "é", "\u2028", "\uFEFF", "🌊"),
    fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code)),
  );
}
