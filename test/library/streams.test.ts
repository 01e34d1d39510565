import { createSimulatedProvider, messageText } from "leadsman";
import type { CascadeStreamEvent, Provider } from "leadsman";
import { afterEach, describe, expect, test } from "vitest";
import {
  ask,
  gather,
  HAIKU,
  OPUS,
  rejection,
  simulatedCascade,
  until,
  verdict,
  writes,
  type SimulatedCascade,
} from "./simulated-cascade.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function open(...args: Parameters<typeof simulatedCascade>): SimulatedCascade {
  const simulated = simulatedCascade(...args);
  opened.push(simulated);
  return simulated;
}

const WORDS = "word ".repeat(400);
const LONG = writes({ [HAIKU]: verdict(0.9, WORDS), [OPUS]: WORDS });

function deltaOf(event: CascadeStreamEvent): string {
  return event.type === "content_block_delta" ? (event.delta.text ?? "") : "";
}

describe("a stream", () => {
  test("yields events that add up to its final message", async () => {
    const stream = open().cascade.messages.stream(ask("Hello"), LONG);
    const events = await gather(stream);
    expect(events.at(0)?.type).toBe("message_start");
    expect(events.at(-1)?.type).toBe("message_stop");
    expect(events.map(deltaOf).join("")).toBe(WORDS);
    const message = await stream.finalMessage();
    expect(messageText(message)).toBe(WORDS);
    expect(message.receipt).toMatchObject({ id: stream.requestId, decision: "shipped" });
    expect(message.receipt.isStreaming).toBe(true);
    expect(await stream.receipt()).toBe(message.receipt);
  });

  test("tells listeners of everything in order", async () => {
    const told: string[] = [];
    const stream = open()
      .cascade.messages.stream(ask("Hello"), writes({ [HAIKU]: verdict(1, "Yes.") }))
      .on("streamEvent", (event) => told.push(event.type))
      .on("text", (delta, snapshot) => told.push(`${delta}|${snapshot}`))
      .on("finalMessage", (message) => told.push(`final ${messageText(message)}`))
      .on("end", () => told.push("end"));
    expect(await stream.finalText()).toBe("Yes.");
    expect(told).toEqual([
      ...["message_start", "content_block_start", "content_block_delta", "Yes.|Yes."],
      ...["content_block_stop", "message_delta", "message_stop", "final Yes.", "end"],
    ]);
  });

  test("can be looped over once", async () => {
    const stream = open().cascade.messages.stream(ask("Hello"), LONG);
    await gather(stream);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/looped over once/);
  });

  test("still has its whole answer when somebody waits for the end before looping", async () => {
    const stream = open().cascade.messages.stream(ask("Hello"), LONG);
    await stream.finalMessage();
    expect((await gather(stream)).map(deltaOf).join("")).toBe(WORDS);
  });

  test("of create begins when its answer does", async () => {
    const { cascade } = open();
    const stream = await cascade.messages.create({ ...ask("Hello"), stream: true }, LONG);
    expect(await stream.finalText()).toBe(WORDS);
    const headers = { "x-simulate": "status=529" };
    const refused = cascade.messages.create({ ...ask("Hello"), stream: true }, { headers });
    expect(await rejection(refused)).toMatchObject({ code: "upstream_error", status: 529 });
  });
});

/** Counts what a provider delivers. */
function counting(provider: Provider): { readonly provider: Provider; delivered(): number } {
  let bytes = 0;
  return {
    delivered: () => bytes,
    provider: {
      ...provider,
      send: (request, sink) =>
        provider.send(request, {
          onHead: (head) => sink.onHead(head),
          onChunk: (chunk) => {
            bytes += chunk.length;
            sink.onChunk(chunk);
          },
          onEnd: () => sink.onEnd(),
          onFailure: (failure) => sink.onFailure(failure),
        }),
    },
  };
}

describe("a slow loop", () => {
  const MEGABYTE = "0123456789 ".repeat(100_000);
  const simulation = { charactersPerDelta: 1_000 };

  test.each([
    ["a shipped answer", writes({ [HAIKU]: verdict(0.9, MEGABYTE) })],
    ["a deep answer", { ...writes({ [OPUS]: MEGABYTE }), bypass: true }],
  ])("makes upstream wait with %s", async (_, options) => {
    const simulated = createSimulatedProvider(simulation);
    const { provider, delivered } = counting(simulated);
    const { cascade } = open({ provider });
    const stream = cascade.messages.stream({ ...ask("Go"), max_tokens: 60_000 }, options);
    let text = "";
    let read = 0;
    for await (const event of stream) {
      text += deltaOf(event);
      read += JSON.stringify(event).length;
      if (read % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      // The limit, what is on its way, and the words around the data.
      expect(delivered() - read).toBeLessThan(64 * 1024 + 16 * 1024);
    }
    expect(text.length).toBeGreaterThan(150_000);
    expect(MEGABYTE.startsWith(text)).toBe(true);
  });

  test("makes no difference to whoever waits for the end", async () => {
    const { cascade } = open({}, simulation);
    const options = { ...writes({ [OPUS]: MEGABYTE }), bypass: true };
    const params = { ...ask("Go"), max_tokens: 60_000 };
    const text = await cascade.messages.stream(params, options).finalText();
    expect(text.length).toBeGreaterThan(100_000);
  });
});

describe("leaving early", () => {
  test("by break closes the upstream connection and keeps the receipt", async () => {
    const { cascade, upstream } = open({}, { timeScale: 0.2 });
    const stream = cascade.messages.stream(ask("Hello"), LONG);
    for await (const event of stream) {
      if (event.type === "content_block_delta") break;
    }
    await until(() => upstream.calls()[0]?.aborted === true);
    const receipt = await stream.receipt();
    expect(receipt).toMatchObject({ decision: "shipped", status: 499, isEstimated: true });
    expect(receipt.attempts[0]).toMatchObject({ outcome: "client_left" });
    expect(await rejection(stream.finalMessage())).toMatchObject({ name: "AbortError" });
  });

  test("at the last event is no leaving", async () => {
    const stream = open().cascade.messages.stream(ask("Hello"), LONG);
    for await (const event of stream) if (event.type === "message_stop") break;
    expect(await stream.finalText()).toBe(WORDS);
  });

  test.each([
    ["abort", false],
    ["its signal", true],
  ])("by %s ends the loop with an error, so that it never looks complete", async (_, bySignal) => {
    const { cascade, upstream } = open({}, { timeScale: 0.2 });
    const aborting = new AbortController();
    const stream = cascade.messages.stream(ask("Hello"), { ...LONG, signal: aborting.signal });
    const loop = async (): Promise<void> => {
      for await (const event of stream) {
        if (event.type !== "content_block_delta") continue;
        if (bySignal) aborting.abort();
        else stream.abort();
      }
    };
    expect(await rejection(loop())).toMatchObject({ name: "AbortError" });
    await until(() => upstream.calls()[0]?.aborted === true);
  });

  test("before anything was sent sends nothing", async () => {
    const { cascade, upstream } = open();
    const stream = cascade.messages.stream(ask("Hello"));
    stream.abort();
    expect(await rejection(stream.finalMessage())).toMatchObject({ name: "AbortError" });
    expect(await rejection(stream.receipt())).toMatchObject({ name: "AbortError" });
    expect(upstream.calls()).toEqual([]);
  });
});

describe("a stream that fails", () => {
  test.each([
    ["an error event", "deep:error-mid-answer", { status: 529, type: "overloaded_error" }],
    ["a dead connection", "deep:die-mid-answer", { status: 500, type: "api_error" }],
  ])("after it began, with %s, gives what came and then the error", async (_, fault, error) => {
    const { cascade } = open();
    const options = { headers: { "x-simulate": fault }, bypass: true };
    const stream = cascade.messages.stream(ask("Tell me. [task:faq#1]"), options);
    let text = "";
    const loop = async (): Promise<void> => {
      for await (const event of stream) text += deltaOf(event);
    };
    expect(await rejection(loop())).toMatchObject({ code: "answer_broken", ...error });
    expect(text).toMatch(/^\(simulated\)/);
    expect(await rejection(stream.finalMessage())).toMatchObject({
      receipt: { id: stream.requestId, decision: "bypassed" },
    });
    expect((await stream.receipt()).attempts).toHaveLength(1);
  });

  test("tells listeners of the error, and the end", async () => {
    const told: unknown[] = [];
    const headers = { "x-simulate": "status=500" };
    const stream = open().cascade.messages.stream(ask("Hello"), { headers });
    stream.on("error", (error) => told.push(error)).on("end", () => told.push("end"));
    await stream.receipt();
    await until(() => told.length === 2);
    expect(told).toMatchObject([{ code: "upstream_error", status: 500 }, "end"]);
  });

  test("is an unhandled rejection when its listeners cannot be told", async () => {
    const unhandled: unknown[] = [];
    const existing = process.rawListeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => unhandled.push(reason));
    const headers = { "x-simulate": "status=500" };
    const { cascade } = open();
    cascade.messages.stream(ask("Hello"), { headers }).on("text", () => undefined);
    await until(() => unhandled.length === 1);
    cascade.messages.stream(ask("Hello"), LONG).on("text", () => {
      throw new Error("the listener's own mistake");
    });
    await until(() => unhandled.length === 2);
    process.removeAllListeners("unhandledRejection");
    for (const listener of existing) process.on("unhandledRejection", listener as () => void);
    expect(unhandled).toMatchObject([{ status: 500 }, { message: "the listener's own mistake" }]);
  });

  test("because upstream speaks no sense is left and told", async () => {
    const { provider } = nonsense();
    const { cascade } = open({ provider, tiers: [OPUS] });
    const stream = cascade.messages.stream(ask("Hello"));
    expect(await rejection(stream.finalMessage())).toMatchObject({
      code: "answer_broken",
      message: expect.stringContaining("cannot be read"),
    });
  });
});

/** A provider whose stream holds an event of the wrong shape. */
function nonsense(): { readonly provider: Provider } {
  const headers = { "content-type": "text/event-stream" };
  const bytes = Buffer.from("event: content_block_delta\ndata: {}\n\n");
  return {
    provider: {
      name: "nonsense",
      isSimulated: true,
      send: (_request, sink) => {
        const timer = setImmediate(() => {
          sink.onHead({ status: 200, headers });
          sink.onChunk(bytes);
        });
        const none = (): void => undefined;
        return { abort: () => clearImmediate(timer), pause: none, resume: none };
      },
      close: () => Promise.resolve(),
    },
  };
}
