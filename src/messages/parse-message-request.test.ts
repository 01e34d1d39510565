import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyJsonBody } from "./json-body.fixture.ts";
import type { ParsedRequest } from "./message-request.ts";
import { parseMessageRequest } from "./parse-message-request.ts";

const BODY = {
  model: "claude-opus-4-7",
  max_tokens: 1024,
  messages: [{ role: "user", content: "How deep?" }],
};

describe("a sound body", () => {
  test("is read with all its members, known or not", () => {
    const body = {
      ...BODY,
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "n", input: { a: 1 } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [] }] },
        { role: "narrator", content: [{ type: "hologram", light: 7 }], future: true },
      ],
      system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }],
      stream: true,
      tools: [{ name: "n", input_schema: {} }],
      stop_sequences: ["."],
      metadata: { user_id: null, team: "x" },
      thinking: { type: "adaptive" },
      output_config: { effort: "low", format: { type: "json_schema", schema: {} } },
      tide: { ebb: [1] },
    };
    const bytes = Buffer.from(JSON.stringify(body));
    const { value, ambiguity, bytes: kept } = parsed(bytes);
    expect({ value, ambiguity, bytes: kept }).toEqual({ bytes, value: body, ambiguity: null });
  });

  test("keeps the very bytes", () => {
    const bytes = Buffer.from(` ${JSON.stringify(BODY, null, 2)}\n`);
    expect(parsed(bytes).bytes).toBe(bytes);
  });

  test("an optional member that is null counts as absent", () => {
    const nulls = { stream: null, system: null, tools: null, stop_sequences: null };
    const value = parsed(bytesOf({ ...BODY, ...nulls, metadata: null, tide: null })).value;
    expect(value).toEqual({ ...BODY, tide: null });
  });

  test("max_tokens of 0 is sound: it fills the prompt cache", () => {
    expect(parsed(bytesOf({ ...BODY, max_tokens: 0 })).value.max_tokens).toBe(0);
  });

  test("a body of count_tokens has no max_tokens; the value says 0", () => {
    const { model, messages } = BODY;
    const read = parseMessageRequest(bytesOf({ model, messages }), { isMaxTokensRequired: false });
    expect(read).toMatchObject({ ok: true, value: { value: { max_tokens: 0 } } });
  });
});

describe("an unsound body", () => {
  test.each<[unknown, string]>([
    [[], "body: Expected a JSON object, found an array"],
    ["s3cret", "body: Expected a JSON object, found a string"],
    [null, "body: Expected a JSON object, found null"],
    [{}, "model: Field required"],
    [{ ...BODY, model: 4 }, "model: Expected a string, found 4"],
    [{ ...BODY, model: "" }, "model: Expected a model name, found an empty string"],
    [without("max_tokens"), "max_tokens: Field required"],
    [
      { ...BODY, max_tokens: "1024" },
      "max_tokens: Expected a whole number of at least 0, found a string",
    ],
    [{ ...BODY, max_tokens: -1 }, "max_tokens: Expected a whole number of at least 0, found -1"],
    [{ ...BODY, max_tokens: 1.5 }, "max_tokens: Expected a whole number of at least 0, found 1.5"],
    [without("messages"), "messages: Field required"],
    [{ ...BODY, messages: {} }, "messages: Expected an array, found an object"],
    [{ ...BODY, messages: [] }, "messages: Expected at least one message, found none"],
    [{ ...BODY, messages: ["hi"] }, "messages.0: Expected an object, found a string"],
    [{ ...BODY, messages: [{ content: "x" }] }, "messages.0.role: Field required"],
    [
      { ...BODY, messages: [...BODY.messages, { role: "user" }] },
      "messages.1.content: Field required",
    ],
    [
      { ...BODY, messages: [{ role: "user", content: 7 }] },
      "messages.0.content: Expected a string or an array of blocks, found 7",
    ],
    [
      { ...BODY, messages: [{ role: "user", content: ["s3cret"] }] },
      "messages.0.content.0: Expected an object, found a string",
    ],
    [
      { ...BODY, messages: [{ role: "user", content: [{ text: "x" }] }] },
      "messages.0.content.0.type: Field required",
    ],
    [
      { ...BODY, messages: [{ role: "user", content: [{ type: "text" }] }] },
      "messages.0.content.0.text: Field required",
    ],
    [
      { ...BODY, messages: [{ role: "user", content: [{ type: "note", text: [] }] }] },
      "messages.0.content.0.text: Expected a string, found an array",
    ],
    [{ ...BODY, system: 1 }, "system: Expected a string or an array of blocks, found 1"],
    [{ ...BODY, system: [{}] }, "system.0.type: Field required"],
    [{ ...BODY, stream: "yes" }, "stream: Expected true or false, found a string"],
    [{ ...BODY, tools: {} }, "tools: Expected an array, found an object"],
    [
      { ...BODY, stop_sequences: "." },
      "stop_sequences: Expected an array of strings, found a string",
    ],
    [
      { ...BODY, stop_sequences: [1] },
      "stop_sequences: Expected an array of strings, found an array",
    ],
    [{ ...BODY, metadata: "x" }, "metadata: Expected an object, found a string"],
    [
      { ...BODY, metadata: { user_id: 12 } },
      "metadata.user_id: Expected a string or null, found 12",
    ],
    [{ ...BODY, thinking: true }, "thinking: Expected an object, found true"],
    [{ ...BODY, output_config: [] }, "output_config: Expected an object, found an array"],
  ])("%j", (body, message) => {
    expect(problemOf(bytesOf(body))).toBe(message);
  });

  test.each([
    ["", "body: Expected valid JSON, found a syntax error"],
    ['{"model":"s3cret",}', "body: Expected valid JSON, found a syntax error at character 18"],
    ['{"model":"s3cret', "body: Expected valid JSON, found a syntax error at character 16"],
  ])("%j is no JSON, and the message does not quote it", (text, message) => {
    expect(problemOf(Buffer.from(text))).toBe(message);
  });

  test("max_tokens of a count_tokens body is still checked when it is there", () => {
    const read = parseMessageRequest(bytesOf({ ...BODY, max_tokens: "x" }), {
      isMaxTokensRequired: false,
    });
    expect(read.ok).toBe(false);
  });
});

describe("ambiguity", () => {
  const rest = JSON.stringify(BODY).slice(1);

  test.each<[string, string | null]>([
    [`{"a":{"b":1,"b":2},${rest}`, null],
    [`{"a":"\\u0061",${rest}`, null],
    [`{"a":{"\\u0062":1},${rest}`, null],
    [`{"model":"x",${rest}`, "duplicate_key"],
    [`{"__proto__":1,"__proto__":2,${rest}`, "duplicate_key"],
    [`{"__proto__":1,${rest}`, null],
    [`{"mod\\u0065l":"x",${rest}`, "duplicate_key"],
    [`{"t\\u0065mperature":1,${rest}`, "escaped_key"],
    [`{"a\\/b":1,${rest}`, "escaped_key"],
    [`{"a":${"[".repeat(500)}${"]".repeat(500)},${rest}`, null],
    [`{"a":${"[".repeat(501)}${"]".repeat(501)},${rest}`, "nested_too_deep"],
    [`{"a":"${"[".repeat(501)}",${rest}`, null],
  ])("of %s is %j", (text, ambiguity) => {
    expect(parsed(Buffer.from(text)).ambiguity).toBe(ambiguity);
  });

  test("is told from the bytes, where the engine may misread an escaped name", () => {
    // Makes V8 13.6 read `"mod\\u0065l"` as this name wherever it comes after `max_tokens`.
    JSON.parse('{"max_tokens":1,"mod\\\\u":2}');
    const text = `{"max_tokens":1,"mod\\u0065l":"x",${rest.replace('"max_tokens":1024,', "")}`;
    expect(parsed(Buffer.from(text)).ambiguity).toBe("duplicate_key");
  });

  test("invalid UTF-8 is read with replacement characters", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xc3]),
      Buffer.from(`",${rest}`),
    ]);
    expect(parsed(bytes)).toMatchObject({ ambiguity: "invalid_utf8", value: { a: "\uFFFD" } });
  });

  test("a lone surrogate written as bytes is invalid UTF-8", () => {
    const surrogate = Buffer.from([0xed, 0xa0, 0x80]);
    const bytes = Buffer.concat([Buffer.from('{"a":"'), surrogate, Buffer.from(`",${rest}`)]);
    expect(parsed(bytes).ambiguity).toBe("invalid_utf8");
  });
});

test("what JSON.stringify wrote is never ambiguous, whatever is inside", () => {
  fc.assert(
    fc.property(anyJsonBody(), ({ value }) => {
      const read = parseMessageRequest(bytesOf({ ...BODY, tide: value }));
      expect(read).toMatchObject({ ok: true, value: { ambiguity: null } });
    }),
  );
});

test("a repeated name is found before an escaped one, wherever they stand", () => {
  const name = fc.constantFrom("w", "x", "y", "z", "ünï");
  const members = fc.array(fc.tuple(name, fc.boolean()), { maxLength: 5 });
  fc.assert(
    fc.property(members, fc.boolean(), (added, isFirst) => {
      const own = JSON.stringify(BODY).slice(1, -1);
      const written = added.map(([key, isEscaped]) => `"${isEscaped ? escaped(key) : key}":{}`);
      const all = isFirst ? [...written, own] : [own, ...written];
      const isRepeated = new Set(added.map(([key]) => key)).size < added.length;
      const isEscaped = added.some(([, isWrittenSo]) => isWrittenSo);
      const expected = isRepeated ? "duplicate_key" : isEscaped ? "escaped_key" : null;
      expect(parsed(Buffer.from(`{${all.join(" , ")}}`)).ambiguity).toBe(expected);
    }),
  );
});

test("nesting of any depth is read or refused, never a crash", () => {
  const depth = 500_000;
  const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const text = `{"deep":${deep},${JSON.stringify(BODY).slice(1)}`;
  expect(parsed(Buffer.from(text)).value.model).toBe("claude-opus-4-7");
  expect(problemOf(Buffer.from("[".repeat(depth)))).toMatch(/^body: /);
});

function escaped(key: string): string {
  return `\\u${key.charCodeAt(0).toString(16).padStart(4, "0")}${key.slice(1)}`;
}

function without(member: keyof typeof BODY): object {
  return Object.fromEntries(Object.entries(BODY).filter(([name]) => name !== member));
}

function bytesOf(body: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

function parsed(bytes: Uint8Array): ParsedRequest {
  const read = parseMessageRequest(bytes);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function problemOf(bytes: Uint8Array): string {
  const read = parseMessageRequest(bytes);
  return read.ok ? "no problem" : read.problem.message;
}
