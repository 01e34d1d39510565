import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../support/json.ts";
import { anyJson, anyName, anyText } from "./any-text.fixture.ts";
import { applyEdits, spliceEdits } from "./body-edits.ts";
import { anyJsonBody, MEMBER_NAMES } from "./json-body.fixture.ts";
import type { BodyEdit, MessageRequest } from "./message-request.ts";
import { scanTopLevelMembers } from "./top-level-members.ts";

describe("splicing", () => {
  test.each<[string, string, BodyEdit[], string]>([
    ["replaces a value", '{ "a" : 1 , "b":2 }', [set("a", "x")], '{ "a" : "x" , "b":2 }'],
    ["removes the first", '{ "a":1 , "b":2 }', [remove("a")], '{ "b":2 }'],
    ["removes one between", '{"a":1 , "b":2 ,\n"c":3}', [remove("b")], '{"a":1 ,\n"c":3}'],
    ["removes the last", '{ "a":1 , "b":2 }', [remove("b")], '{ "a":1 }'],
    ["removes the only one", '{ "a":1 }', [remove("a")], "{  }"],
    ["removes all", '{"a":1, "b":2, "c":3}', [remove("a"), remove("b"), remove("c")], "{}"],
    ["removes the first two", '{"a":1, "b":2, "c":3}', [remove("a"), remove("b")], '{"c":3}'],
    ["removes the last two", '{"a":1, "b":2, "c":3 }', [remove("c"), remove("b")], '{"a":1 }'],
    ["adds at the end", '{"a":1 }\n', [set("b", [2])], '{"a":1,"b":[2] }\n'],
    ["adds to an empty object", " { } ", [set("b", 2)], ' {"b":2 } '],
    ["adds several in order", "{}", [set("b", 2), set("a", 1)], '{"b":2,"a":1}'],
    [
      "adds where all went",
      '{ "a":1, "b":2 }',
      [remove("b"), remove("a"), set("c", 3)],
      '{ "c":3 }',
    ],
    ["adds where the last went", '{"a":1,"b":2}', [remove("b"), set("c", 3)], '{"a":1,"c":3}'],
    ["adds where the first went", '{"a":1,"b":2}', [remove("a"), set("c", 3)], '{"b":2,"c":3}'],
    [
      "edits all of one name",
      '{"a":1,"\\u0061":2,"b":3}',
      [set("a", 9)],
      '{"a":9,"\\u0061":9,"b":3}',
    ],
    ["removes all of one name", '{"a":1,"b":3,"a":2}', [remove("a")], '{"b":3}'],
    ["the last edit counts", '{"a":1}', [remove("a"), set("a", 2), set("a", 3)], '{"a":3}'],
    ["escapes a name", "{}", [set('q"', 1)], '{"q\\"":1}'],
    ["leaves nested members alone", '{"x":{"a":1},"a":2}', [remove("a")], '{"x":{"a":1}}'],
  ])("%s: %s", (_, before, edits, after) => {
    expect(Buffer.from(spliceEdits(Buffer.from(before), edits)).toString()).toBe(after);
  });

  test("without effect gives the same bytes", () => {
    const bytes = Buffer.from('{"a":1}');
    expect(spliceEdits(bytes, [remove("b")])).toBe(bytes);
    expect(spliceEdits(bytes, [])).toBe(bytes);
  });

  test("keeps bytes that are not UTF-8", () => {
    const bytes = Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('","b":1}')]);
    const expected = Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]);
    expect(spliceEdits(bytes, [remove("b")])).toEqual(expected);
  });

  test("refuses what is not an object", () => {
    expect(() => spliceEdits(Buffer.from("[]"), [set("a", 1)])).toThrow(
      expect.objectContaining({ code: "body_not_spliceable" }),
    );
  });
});

test("splicing bytes means the same as editing the value", () => {
  fc.assert(
    fc.property(anyJsonBody(), anyEdits(), ({ text, value }, edits) => {
      const spliced = Buffer.from(spliceEdits(Buffer.from(text), edits)).toString();
      const edited = applyEdits(value as MessageRequest, edits);
      expect(JSON.parse(spliced)).toEqual(edited);
      expect(Object.keys(edited).sort()).toEqual(Object.keys(JSON.parse(spliced) as object).sort());
    }),
    { numRuns: 1000 },
  );
});

test("members that are not edited keep their bytes and their order", () => {
  fc.assert(
    fc.property(anyJsonBody(), anyEdits(), ({ text }, edits) => {
      const before = Buffer.from(text);
      const edited = new Set(edits.map((edit) => edit.member));
      const after = spliceEdits(before, edits);
      expect(writtenMembers(after, edited)).toEqual(writtenMembers(before, edited));
    }),
    { numRuns: 1000 },
  );
});

test("editing a value leaves the given one alone", () => {
  const request: MessageRequest = { model: "m", max_tokens: 1, messages: [], top_k: 3 };
  const edited = applyEdits(request, [set("model", "n"), remove("top_k")]);
  expect(edited).toEqual({ model: "n", max_tokens: 1, messages: [] });
  expect(request).toEqual({ model: "m", max_tokens: 1, messages: [], top_k: 3 });
});

function set(member: string, value: JsonValue): BodyEdit {
  return { op: "set", member, value, why: "The test says so." };
}

function remove(member: string): BodyEdit {
  return { op: "remove", member, why: "The test says so." };
}

function anyEdits(): fc.Arbitrary<BodyEdit[]> {
  const member = fc.oneof(fc.constantFrom(...MEMBER_NAMES), anyName());
  const value = fc.oneof(anyJson(), anyText());
  const edit = fc.oneof(
    fc.tuple(member, value).map(([m, v]) => set(m, v)),
    member.map(remove),
  );
  return fc.array(edit, { maxLength: 5 });
}

/** Each member that is not edited, from its name to its value, as it is written. */
function writtenMembers(bytes: Uint8Array, edited: ReadonlySet<string>): string[] {
  const members = scanTopLevelMembers(bytes) ?? [];
  return members
    .filter(({ key }) => !edited.has(key))
    .map(({ keyStart, valueEnd }) => Buffer.from(bytes.subarray(keyStart, valueEnd)).toString());
}
