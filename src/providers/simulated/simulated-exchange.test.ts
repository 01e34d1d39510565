import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createBatchStore } from "./batches/batch-store.ts";
import { MALFORMED_VERDICTS } from "./malformed-verdicts.ts";
import { simulateExchange } from "./simulated-exchange.ts";
import type { ExchangeOptions, SimulatedCall } from "./simulated-exchange.ts";
import { createSimulatedWorld } from "./simulated-world.ts";

const world = createSimulatedWorld({ seed: "exchange" });

const ENVELOPE = {
  type: "object",
  properties: {
    confidence: { type: "number" },
    answer: { anyOf: [{ type: "string" }, { type: "null" }] },
  },
  required: ["confidence", "answer"],
  additionalProperties: false,
};

/** A prompt that Haiku answers, so that there is an answer to break. */
const PROMPT = Array.from({ length: 100 }, (_, i) => world.makeTask(i)).find(
  (prompt) => world.answer("claude-haiku-4-5", prompt).willAnswer,
);

interface Played {
  readonly status: number | undefined;
  readonly headers: unknown;
  readonly body: string;
  readonly chunks: readonly Uint8Array[];
  /** Text of all text deltas. */
  readonly text: string;
  readonly last: string | undefined;
  readonly model: string | null;
  readonly isTriage: boolean;
}

function play(
  members: Readonly<Record<string, unknown>> = {},
  options: Partial<ExchangeOptions> & { readonly simulate?: string } = {},
): Played {
  const body = {
    model: "claude-haiku-4-5",
    max_tokens: 1_000,
    stream: true,
    messages: [{ role: "user", content: PROMPT }],
    ...members,
  };
  const { simulate, ...rest } = options;
  const exchange = simulateExchange(
    { world, ...rest },
    {
      method: "POST",
      path: "/v1/messages?beta=true",
      headers: simulate === undefined ? {} : { "x-simulate": simulate },
      body: Buffer.from(JSON.stringify(body)),
    },
    { index: 3, nowMs: 0, batches: createBatchStore({ timeScale: 0 }) },
  );
  const { steps, model, isTriage } = exchange;
  const head = steps.find((step) => step.kind === "head");
  const chunks = steps.flatMap((step) => (step.kind === "bytes" ? [step.bytes] : []));
  const text = Buffer.concat(chunks).toString();
  const deltas = Array.from(text.matchAll(/"text_delta","text":("(?:[^"\\]|\\.)*")/g));
  return {
    status: head?.status,
    headers: head?.headers,
    body: text,
    chunks,
    text: deltas.map((match) => String(JSON.parse(match[1] ?? '""'))).join(""),
    last: steps.at(-1)?.kind,
    model,
    isTriage,
  };
}

function triage(options: Parameters<typeof play>[1] = {}, members: object = {}): Played {
  const content = [
    { type: "text", text: PROMPT },
    { type: "text", text: "State your confidence first." },
  ];
  return play(
    {
      messages: [{ role: "user", content }],
      output_config: { format: { type: "json_schema", schema: ENVELOPE } },
      ...members,
    },
    options,
  );
}

describe("a triage", () => {
  test("is known by its schema, and answers what the world says", () => {
    const played = triage();
    const expected = world.answer("claude-haiku-4-5", PROMPT ?? "");
    expect(played).toMatchObject({ isTriage: true, model: "claude-haiku-4-5", last: "end" });
    expect(played.text).toBe(
      JSON.stringify({ confidence: expected.confidence, answer: expected.text }),
    );
    expect(play()).toMatchObject({ isTriage: false, text: expected.text });
  });

  test("without an answer says null", () => {
    const silent = Array.from({ length: 2_000 }, (_, i) => world.makeTask(i)).find(
      (prompt) => !world.answer("claude-haiku-4-5", prompt).willAnswer,
    );
    const messages = [{ role: "user", content: silent }];
    expect(triage({}, { messages }).text).toMatch(/^\{"confidence":0\.\d+,"answer":null\}$/);
  });

  test.each(Object.entries(MALFORMED_VERDICTS))("can write the verdict %s", (name, text) => {
    const played = triage({ simulate: `triage:verdict=${name}` });
    expect(played.text).toBe(text);
    expect(played.last).toBe("end");
  });

  test("can write any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const faults = (): { kind: "text"; text: string } => ({ kind: "text", text });
        const options = { faults, charactersPerDelta: size };
        expect(triage(options, { max_tokens: 60_000 }).text).toBe(text);
      }),
    );
  });

  test("can put each character into an event of its own", () => {
    const played = triage({ charactersPerDelta: 1 });
    expect(played.body).toContain('"text":"."');
    expect(played.text).toBe(triage().text);
  });
});

test("chunks of any size carry the same bytes", () => {
  const whole = triage().body;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: whole.length + 10 }), (bytesPerChunk) => {
      const { body, chunks } = triage({ bytesPerChunk });
      expect(body).toBe(whole);
      expect(chunks.slice(0, -1).every((chunk) => chunk.length === bytesPerChunk)).toBe(true);
    }),
  );
});

describe("a fault", () => {
  test.each([
    ["connect-refused", "connect_refused"],
    ["connect-hang", "connect_hang"],
    ["hang", "hang"],
    ["die-before-head", "die"],
  ])("%s leaves nothing but %s", (simulate, last) => {
    expect(triage({ simulate })).toMatchObject({ status: undefined, body: "", last });
  });

  test.each([
    ["die", "die"],
    ["stall", "hang"],
    ["error", "end"],
  ])("%s happens at its place", (word, last) => {
    const whole = triage().text;
    const start = triage({ simulate: `${word}-at-start` });
    expect(start).toMatchObject({ status: 200, text: "", last });
    expect(start.body).toContain("message_start");
    const verdict = triage({ simulate: `${word}-mid-verdict` });
    expect(verdict).toMatchObject({ text: '{"confidence":0.', last });
    const answer = triage({ simulate: `${word}-mid-answer` });
    expect(answer.text.length).toBeGreaterThan('{"confidence":0.95,"answer":"'.length);
    expect(answer.text.length).toBeLessThan(whole.length - 2);
    expect(whole.startsWith(answer.text)).toBe(true);
    const early = triage({ simulate: `${word}-after=100` });
    expect(early.body.slice(0, 100)).toBe(triage().body.slice(0, 100));
    expect(early.last).toBe(last);
    for (const { body } of [start, verdict, answer, early]) {
      expect(body).not.toContain("message_stop");
      expect(body.includes("event: error")).toBe(word === "error");
    }
  });

  test("error in a whole answer is its status", () => {
    expect(play({ stream: false }, { simulate: "error-at-start" }).status).toBe(529);
  });

  test("die and stall break a whole answer in its middle", () => {
    const whole = play({ stream: false }).body;
    const broken = play({ stream: false }, { simulate: "die-mid-answer" });
    expect(broken).toMatchObject({ status: 200, last: "die" });
    expect(whole.startsWith(broken.body)).toBe(true);
    expect(play({ stream: false }, { simulate: "stall-at-start" })).toMatchObject({
      body: "",
      last: "hang",
    });
  });

  test.each([
    ["refusal-at-start", "refusal", ""],
    ["refusal-mid-verdict", "refusal", '{"confidence":0.'],
    ["max-tokens-mid-verdict", "max_tokens", '{"confidence":0.'],
  ])("%s stops in good order", (simulate, reason, text) => {
    const played = triage({ simulate });
    expect(played).toMatchObject({ status: 200, text, last: "end" });
    expect(played.body).toContain(`"stop_reason":"${reason}"`);
    expect(played.body).toContain("message_stop");
  });

  test("empty has no content block at all", () => {
    const played = triage({ simulate: "empty" });
    expect(played.body).not.toContain("content_block");
    expect(played.body).toContain('"stop_reason":"end_turn"');
  });

  test("prompt-too-long uses the API's words", () => {
    const played = triage({ simulate: "prompt-too-long" });
    expect(played.status).toBe(400);
    expect(played.body).toMatch(/prompt is too long: \d+ tokens > 200000 maximum/);
  });

  test("429 says when to come back", () => {
    const faults = (): { kind: "status"; status: number; retryAfterSeconds: number } => ({
      kind: "status",
      status: 429,
      retryAfterSeconds: 3,
    });
    expect(play({}, { faults }).headers).toMatchObject({ "retry-after": "3" });
  });

  test.each([
    ["triage:status=529, deep:status=500", 529, 500],
    ["deep:status=400", 200, 400],
    ["claude-haiku-4-5:status=401", 401, 401],
    ["claude-opus-4-7:status=401", 200, 200],
    ["nonsense, =, status=99, triage:, verdict=none", 200, 200],
  ])("header %j reaches the calls it names", (simulate, triageStatus, deepStatus) => {
    expect(triage({ simulate }).status).toBe(triageStatus);
    expect(play({}, { simulate }).status).toBe(deepStatus);
  });

  test("function sees the call, and the header goes first", () => {
    const calls: SimulatedCall[] = [];
    const faults = (call: SimulatedCall): null => {
      calls.push(call);
      return null;
    };
    triage({ faults });
    triage({ faults, simulate: "status=500" });
    expect(calls).toEqual([
      { model: "claude-haiku-4-5", index: 3, isTriage: true, prompt: PROMPT },
    ]);
  });
});

describe("an answer", () => {
  test("ends at max_tokens", () => {
    const played = play({ max_tokens: 5 });
    expect(played.body).toContain('"stop_reason":"max_tokens"');
    expect(played.body).toContain('"output_tokens":5');
    expect(Buffer.byteLength(played.text)).toBeLessThanOrEqual(20);
  });

  test("ends before a stop sequence", () => {
    const played = play({ stop_sequences: ["ulated"] });
    expect(played.text).toBe("(sim");
    expect(played.body).toContain('"stop_reason":"stop_sequence","stop_sequence":"ulated"');
  });

  test("of a model that thinks begins with a thinking block", () => {
    const thinking = play({ model: "claude-haiku-5-5" }).body;
    expect(thinking.indexOf("signature_delta")).toBeGreaterThan(0);
    expect(thinking.indexOf("signature_delta")).toBeLessThan(thinking.indexOf("text_delta"));
    const off = play({ model: "claude-haiku-5-5", thinking: { type: "disabled" } });
    expect(off.body).not.toContain("thinking");
  });

  test("counts more tokens with the newer tokenizer", () => {
    const tokens = (model: string): number =>
      Number(/"input_tokens":(\d+)/.exec(play({ model }).body)?.[1]);
    expect(tokens("claude-opus-4-7") / tokens("claude-haiku-4-5")).toBeGreaterThan(1.1);
  });

  test("satisfies a schema of the client's own", () => {
    const schema = {
      type: "object",
      properties: {
        note: { type: "string" },
        label: { type: "string", enum: ["returns", "billing", "other"] },
        confidence: { type: "number" },
        isUrgent: { type: "boolean" },
        parts: { type: "array", items: { type: "integer" } },
      },
      required: ["label", "confidence"],
      additionalProperties: false,
    };
    const value: unknown = JSON.parse(
      play({ output_config: { format: { type: "json_schema", schema } } }).text,
    );
    expect(value).toEqual({
      label: expect.stringMatching(/^(returns|billing|other)$/) as string,
      confidence: world.answer("claude-haiku-4-5", PROMPT ?? "").confidence,
      note: expect.stringContaining("(simulated)") as string,
      isUrgent: expect.any(Boolean) as boolean,
      parts: [expect.any(Number) as number],
    });
    expect(Object.keys(value ?? {}).slice(0, 2)).toEqual(["label", "confidence"]);
  });
});
