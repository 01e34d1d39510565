import { expect, test } from "vitest";

import { createRandom } from "../support/random.ts";
import { sleep } from "../support/sleep.ts";
import type { UpstreamCall } from "./provider.ts";
import {
  answerText,
  completed,
  countChunks,
  expectSilence,
  isEnding,
  messageRequest,
  until,
} from "./provider-under-test.fixture.ts";
import type { OpenProvider } from "./provider-under-test.fixture.ts";
import { createRecordingSink } from "./recording-sink.fixture.ts";

/** What a caller may do to a call that is under way. */
export function describeControl(open: OpenProvider): void {
  test("abort right after send: nothing is heard, nothing breaks", async () => {
    const { provider, refused, unanswered } = await open({ timeScale: 0 });
    for (const target of [provider, refused, unanswered]) {
      const sink = createRecordingSink();
      const call = target.send(messageRequest({ timeouts: { connectMs: 30 } }), sink);
      call.abort();
      call.abort();
      await sleep(60);
      expect(sink.events).toEqual([]);
    }
  });

  test.each(["head", "chunk"] as const)("abort inside a %s is the last word", async (last) => {
    const { provider, calls } = await open({ timeScale: 0 });
    const call: { current: UpstreamCall | null } = { current: null };
    const sink = createRecordingSink((event) => {
      if (event === last) call.current?.abort();
    });
    call.current = provider.send(
      messageRequest({ stream: true, simulate: "stall-mid-answer" }),
      sink,
    );
    await until(() => calls().at(-1)?.aborted === true);
    await sleep(20);
    expect(sink.events.filter((event) => event === last)).toHaveLength(1);
    expect(sink.events.at(-1)).toBe(last);
  });

  test("abort closes the connection of an upstream that is still silent", async () => {
    const { provider, calls } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ simulate: "hang" }), sink);
    await until(() => calls().length === 1);
    call.abort();
    await until(() => calls()[0]?.aborted === true);
    expect(sink.events).toEqual([]);
  });

  test("nothing happens to a call that is over", async () => {
    const { provider } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ stream: true }), sink);
    await sink.over;
    const heard = sink.events.length;
    call.pause();
    call.resume();
    call.abort();
    await sleep(10);
    expect(sink.events).toHaveLength(heard);
  });

  test.each([
    ["inside a chunk", "chunk"],
    ["inside the head", "head"],
  ] as const)("pause %s stops the chunks, resume brings them all", async (_where, when) => {
    const { provider } = await open({ timeScale: 0.02 });
    const call: { current: UpstreamCall | null } = { current: null };
    let isFirst = true;
    const sink = createRecordingSink((event) => {
      if (event !== when || !isFirst) return;
      isFirst = false;
      call.current?.pause();
    });
    call.current = provider.send(messageRequest({ stream: true }), sink);
    await until(() => sink.events.includes(when));
    await expectSilence(sink);
    call.current.resume();
    await sink.over;
    expect(sink.events.at(-1)).toBe("end");
    expect(answerText(sink)).toBe(
      answerText(await completed(provider, messageRequest({ stream: true }))),
    );
  });

  test("pause from outside stops the chunks, as often as it is called", async () => {
    // Slow enough that the pauses do not outlast the answer.
    const { provider } = await open({ timeScale: 0.5 });
    const sink = createRecordingSink();
    const call = provider.send(messageRequest({ stream: true }), sink);
    call.pause();
    await sleep(30);
    expect(sink.events).not.toContain("chunk");
    for (let round = 1; round <= 3; round += 1) {
      call.resume();
      const seen = countChunks(sink);
      await until(() => countChunks(sink) > seen);
      call.pause();
      call.pause();
      await expectSilence(sink);
    }
    call.resume();
    await sink.over;
    expect(sink.text()).toMatch(/event: message_stop\n.*\n\n$/);
  });

  test("pausing and resuming in any rhythm, also from within other calls, loses nothing", async () => {
    const { provider } = await open({ timeScale: 0.01 });
    const whole = answerText(await completed(provider, messageRequest({ stream: true })));
    const random = createRandom("rhythm");
    const calls: UpstreamCall[] = [];
    const sinks = Array.from({ length: 20 }, () =>
      createRecordingSink((event) => {
        if (event !== "chunk") return;
        const call = calls[Math.floor(random() * calls.length)];
        if (random() < 0.5) call?.pause();
        else call?.resume();
      }),
    );
    for (const sink of sinks) calls.push(provider.send(messageRequest({ stream: true }), sink));
    const waking = setInterval(() => {
      for (const call of calls) if (random() < 0.5) call.resume();
    }, 3);
    await Promise.all(sinks.map((sink) => sink.over));
    clearInterval(waking);
    expect(sinks.map(answerText)).toEqual(sinks.map(() => whole));
    for (const sink of sinks) expect(sink.events.filter(isEnding)).toEqual(["end"]);
  });

  test("abort of a paused call is the last word", async () => {
    const { provider, calls } = await open({ timeScale: 0 });
    const sink = createRecordingSink();
    const call = provider.send(
      messageRequest({ stream: true, simulate: "stall-mid-answer" }),
      sink,
    );
    await until(() => sink.events.includes("chunk"));
    call.pause();
    const heard = sink.events.length;
    call.abort();
    call.resume();
    await until(() => calls().at(-1)?.aborted === true);
    expect(sink.events).toHaveLength(heard);
  });

  test("a paused call may take longer than the idle limit", async () => {
    const { provider } = await open({ timeScale: 0.02 });
    const sink = createRecordingSink();
    const request = messageRequest({ stream: true, timeouts: { idleMs: 300 } });
    const call = provider.send(request, sink);
    await until(() => sink.events.includes("chunk"));
    call.pause();
    // Well past the limit, also for a provider whose timers are a second late.
    await sleep(1_400);
    call.resume();
    await sink.over;
    expect(sink.failure).toBeNull();
  });

  test("close lets calls end, and refuses new ones", async () => {
    const { provider } = await open({ timeScale: 0.02 });
    const sink = createRecordingSink();
    provider.send(messageRequest({ stream: true }), sink);
    await until(() => sink.events.includes("chunk"));
    await Promise.all([provider.close(), provider.close()]);
    await provider.close();
    expect(sink.events.at(-1)).toBe("end");
    const late = await completed(provider, messageRequest({}));
    expect(late.failure?.code).toBe("connect_failed");
  });
}
