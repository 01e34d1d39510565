import fc from "fast-check";
import { anyJson, anyName, anyText } from "./any-text.fixture.ts";

/** A JSON object as text, and what it means. */
export interface JsonBody {
  readonly text: string;
  readonly value: Record<string, unknown>;
}

/** Names that collide with each other and with the edits of the tests. */
export const MEMBER_NAMES: readonly string[] = [
  "model",
  "stream",
  "a",
  "b",
  "max_tokens",
  "ünï",
  "",
  "__proto__",
];

/**
 * JSON objects as people and libraries write them: any blanks between tokens, escaped and repeated
 * names. For tests of what works on bytes.
 */
export function anyJsonBody(): fc.Arbitrary<JsonBody> {
  const blanks = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  const name = fc
    .oneof(fc.constantFrom(...MEMBER_NAMES), anyName())
    .chain((key) => fc.constantFrom(JSON.stringify(key), fullyEscaped(key)));
  const indent = fc.constantFrom(undefined, 1, "\t");
  const value = fc
    .tuple(fc.oneof(anyJson(), anyText()), indent)
    .map(([json, spaces]) => JSON.stringify(json, null, spaces));
  const member = fc.tuple(blanks, name, blanks, blanks, value, blanks).map((tokens) => {
    const [before, key, afterKey, beforeValue, written, after] = tokens;
    return `${before}${key}${afterKey}:${beforeValue}${written}${after}`;
  });
  return fc
    .tuple(blanks, blanks, fc.array(member, { maxLength: 6 }), blanks)
    .map(([before, inside, members, after]) => {
      const text = `${before}{${members.length === 0 ? inside : members.join(",")}}${after}`;
      return { text, value: JSON.parse(text) as Record<string, unknown> };
    });
}

function fullyEscaped(key: string): string {
  const units = Array.from({ length: key.length }, (_, i) => key.charCodeAt(i));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}
