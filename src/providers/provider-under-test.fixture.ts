import { setImmediate as nextTick } from "node:timers/promises";

import { expect } from "vitest";

import { sleep } from "../support/sleep.ts";
import { DEFAULT_TIMEOUTS } from "./provider.ts";
import type { Provider, UpstreamRequest, UpstreamTimeouts } from "./provider.ts";
import { createRecordingSink } from "./recording-sink.fixture.ts";
import type { RecordingSink, SinkEvent } from "./recording-sink.fixture.ts";
import type { RecordedCall } from "./simulated/call-log.ts";

/** A provider in front of the simulated upstream, which does what the header `x-simulate` says. */
export interface ProviderUnderTest {
  readonly provider: Provider;
  /** The same kind of provider; its connections are refused. */
  readonly refused: Provider;
  /** The same kind of provider; its connections are never answered. */
  readonly unanswered: Provider;
  /** What reached the upstream of `provider`. */
  calls(): readonly RecordedCall[];
  close(): Promise<void>;
}

export interface ProviderSetting {
  /** How much of a real model's time the upstream takes. */
  readonly timeScale: number;
}

export type OpenProvider = (setting: ProviderSetting) => Promise<ProviderUnderTest>;

interface MessageRequestOptions {
  readonly stream?: boolean;
  readonly simulate?: string;
  readonly timeouts?: Partial<UpstreamTimeouts>;
}

/** The answer takes a real model several seconds. */
const PROMPT = "Which clause applies? [task:legal_ambiguity#3]";

export function messageRequest(options: MessageRequestOptions): UpstreamRequest {
  const { stream = false, simulate, timeouts } = options;
  const body = {
    model: "claude-haiku-4-5",
    max_tokens: 500,
    stream,
    messages: [{ role: "user", content: PROMPT }],
  };
  return {
    method: "POST",
    path: "/v1/messages",
    headers: {
      "content-type": "application/json",
      ...(simulate === undefined ? {} : { "x-simulate": simulate }),
    },
    body: Buffer.from(JSON.stringify(body)),
    timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
  };
}

export function completed(provider: Provider, request: UpstreamRequest): Promise<RecordingSink> {
  const sink = createRecordingSink();
  provider.send(request, sink);
  return sink.over;
}

export function answerText(sink: RecordingSink): string {
  const texts = sink.text().matchAll(/"text_delta","text":(".*?[^\\]")\}/g);
  return Array.from(texts, (match) => match[1]).join("");
}

export function countChunks(sink: RecordingSink): number {
  return sink.events.filter((event) => event === "chunk").length;
}

export async function expectSilence(sink: RecordingSink): Promise<void> {
  const heard = sink.events.length;
  await sleep(40);
  expect(sink.events).toHaveLength(heard);
}

export function isEnding(event: SinkEvent): boolean {
  return event === "end" || event === "failure";
}

export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await nextTick();
    yield bytes.subarray(at, at + size);
  }
}

/** Waits until a claim holds; gives up with the test's own limit. */
export async function until(claim: () => boolean): Promise<void> {
  while (!claim()) await sleep(2);
}
