import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyJsonBody } from "./json-body.fixture.ts";
import { scanTopLevelMembers } from "./top-level-members.ts";

describe("members", () => {
  test.each<[string, [string, string][]]>([
    ["{}", []],
    [" \t\r\n{ \n} ", []],
    ['{"a":1}', [["a", "1"]]],
    [
      ' { "a" : -1.5e3 , "b":"x,}" } ',
      [
        ["a", "-1.5e3"],
        ["b", '"x,}"'],
      ],
    ],
    [
      '{"a":{"b":[1,"]}"]},"c":[{}]}',
      [
        ["a", '{"b":[1,"]}"]}'],
        ["c", "[{}]"],
      ],
    ],
    [
      '{"a":true,"a":null}',
      [
        ["a", "true"],
        ["a", "null"],
      ],
    ],
    ['{"":""}', [["", '""']]],
    ['{"ünï":"🌊"}', [["ünï", '"🌊"']]],
    ['{"\\u0061\\"":"\\\\"}', [['a"', '"\\\\"']]],
  ])("of %s", (text, expected) => {
    const bytes = Buffer.from(text);
    const members = scanTopLevelMembers(bytes) ?? [];
    const found = members.map(({ key, valueStart, valueEnd }) => [
      key,
      bytes.toString("utf8", valueStart, valueEnd),
    ]);
    expect(found).toEqual(expected);
  });

  test("a name is escaped when it is written so, even if it need not be", () => {
    const members = scanTopLevelMembers(Buffer.from('{"model":1,"mod\\u0065l":2,"x":"\\n"}'));
    expect(members?.map(({ key, isEscaped }) => [key, isEscaped])).toEqual([
      ["model", false],
      ["model", true],
      ["x", false],
    ]);
  });

  test("ranges hold the quotes of the name", () => {
    expect(scanTopLevelMembers(Buffer.from('{ "ab" : 12 }'))).toEqual([
      {
        key: "ab",
        isEscaped: false,
        keyStart: 2,
        keyEnd: 6,
        valueStart: 9,
        valueEnd: 11,
        depth: 0,
      },
    ]);
  });

  test("the depth is that of the deepest place, whatever stands in texts", () => {
    const text = '{"a":[],"b":{"c":[{}]},"d":[[1],[[2]],[3]],"e":"[[[","f":["[[{"]}';
    const depths = scanTopLevelMembers(Buffer.from(text))?.map(({ depth }) => depth);
    expect(depths).toEqual([1, 3, 3, 0, 1]);
  });

  test("positions count from the view, not from the memory beneath", () => {
    const memory = Buffer.from('xxx{"a":1}yyy');
    expect(scanTopLevelMembers(memory.subarray(3, 10))).toMatchObject([{ keyStart: 1 }]);
  });
});

test.each([
  "",
  " ",
  "[]",
  '"{}"',
  "1",
  "{",
  "{}}",
  "{} x",
  '{"a"}',
  '{"a":}',
  '{"a":1',
  '{"a":1,}',
  '{"a":1 "b":2}',
  "{a:1}",
  '{"a":"x}',
  '{"a":"\\"}',
  '{"a":[1}',
  '{"a\\x":1}',
  '\uFEFF{"a":1}',
])("%s is no object", (text) => {
  expect(scanTopLevelMembers(Buffer.from(text))).toBeNull();
});

test("the members of any JSON object are those that JSON.parse sees", () => {
  fc.assert(
    fc.property(anyJsonBody(), ({ text, value }) => {
      const bytes = Buffer.from(text);
      const members = scanTopLevelMembers(bytes) ?? [];
      const parsed = members.map(({ key, keyStart, keyEnd, valueStart, valueEnd }) => {
        expect(JSON.parse(bytes.toString("utf8", keyStart, keyEnd))).toBe(key);
        return [key, JSON.parse(bytes.toString("utf8", valueStart, valueEnd)) as unknown];
      });
      expect(Object.fromEntries(parsed)).toEqual(value);
    }),
  );
});

test("quotes and backslashes in long strings end them where JSON says", () => {
  const part = fc.oneof(
    fc.constantFrom('"', "\\", '\\"', "\\\\", "\n"),
    fc.nat(120).map((length) => "x".repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const bytes = Buffer.from(JSON.stringify({ a: [parts.join("")], b: 1 }));
      expect(scanTopLevelMembers(bytes)?.map(({ key }) => key)).toEqual(["a", "b"]);
    }),
  );
});

test("any bytes are read without trouble", () => {
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:\\a1 ')));
  fc.assert(
    fc.property(fc.array(byte), (bytes) => {
      const members = scanTopLevelMembers(Buffer.from([0x7b, ...bytes]));
      expect(members === null || Array.isArray(members)).toBe(true);
    }),
  );
});

test("nesting of any depth is skipped", () => {
  const depth = 200_000;
  const bytes = Buffer.from(`{"deep":${"[".repeat(depth)}${"]".repeat(depth)},"b":1}`);
  expect(scanTopLevelMembers(bytes)).toHaveLength(2);
});
