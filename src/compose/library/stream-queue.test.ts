import { describe, expect, test } from "vitest";
import { createStreamQueue } from "./stream-queue.ts";

const PING = { type: "message_stop" } as const;
const STOP = { type: "content_block_stop", index: 0 } as const;

describe("the queue of a stream", () => {
  test("gives out in order, waits for more, and ends", async () => {
    const queue = createStreamQueue(() => undefined);
    queue.push(STOP, 1);
    expect(await queue.next()).toBe(STOP);
    const waiting = queue.next();
    queue.push(PING, 1);
    expect(await waiting).toBe(PING);
    const last = queue.next();
    queue.end();
    expect([await last, await queue.next()]).toEqual([undefined, undefined]);
  });

  test("gives out what waits before it fails", async () => {
    const queue = createStreamQueue(() => undefined);
    const error = new Error("gone");
    queue.push(STOP, 1);
    queue.fail(error);
    queue.end();
    expect(await queue.next()).toBe(STOP);
    await expect(queue.next()).rejects.toBe(error);
    await expect(queue.next()).rejects.toBe(error);
  });

  test("fails whoever waits, at once", async () => {
    const queue = createStreamQueue(() => undefined);
    const waiting = queue.next();
    queue.fail(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });

  test("is full at 64 KiB and asks for more when it is half empty, once", async () => {
    let asked = 0;
    const queue = createStreamQueue(() => {
      asked += 1;
    });
    const kib = 1024;
    for (let i = 0; i < 4; i += 1) queue.push(STOP, 15 * kib);
    expect(queue.isFull).toBe(false);
    queue.push(STOP, 4 * kib);
    expect(queue.isFull).toBe(true);
    const askedAfter: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await queue.next();
      askedAfter.push(asked);
    }
    expect(askedAfter).toEqual([0, 0, 1, 1, 1]);
    expect(queue.isFull).toBe(false);
  });

  test("forgets what waits when told to", async () => {
    const queue = createStreamQueue(() => undefined);
    queue.push(STOP, 1_000_000);
    queue.drop();
    expect(queue.isFull).toBe(false);
    queue.end();
    expect(await queue.next()).toBeUndefined();
  });
});
