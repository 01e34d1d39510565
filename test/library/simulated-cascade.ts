import { createCascade, createSimulatedProvider } from "leadsman";
import type { RecordedCall } from "../../src/providers/simulated/call-log.ts";
import type {
  Cascade,
  CascadeOptions,
  SimulatedProvider,
  SimulatedProviderOptions,
} from "leadsman";

export const HAIKU = "claude-haiku-4-5";
export const SONNET = "claude-sonnet-4-6";
export const OPUS = "claude-opus-4-7";

/** A cascade over a simulation in this process. */
export interface SimulatedCascade {
  readonly cascade: Cascade;
  readonly upstream: SimulatedProvider;
  close(): Promise<void>;
}

export function simulatedCascade(
  options: Partial<CascadeOptions> = {},
  simulation: SimulatedProviderOptions = {},
): SimulatedCascade {
  const upstream = createSimulatedProvider(simulation);
  const cascade = createCascade({ tiers: [HAIKU, OPUS], provider: upstream, ...options });
  return {
    cascade,
    upstream,
    close: async () => {
      await cascade.close();
      await upstream.close();
    },
  };
}

/** A small request; its text decides what the simulation answers. */
export function ask(prompt: string): {
  readonly max_tokens: number;
  readonly messages: readonly [{ readonly role: "user"; readonly content: string }];
} {
  return { max_tokens: 512, messages: [{ role: "user", content: prompt }] };
}

/** What a triage writes. */
export function verdict(confidence: number, answer: string | null): string {
  return JSON.stringify({ confidence, answer });
}

/** Headers that make each model write exactly this. */
export function writes(texts: Readonly<Record<string, string>>): {
  readonly headers: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(texts).map(
    ([model, text]) => `${model}:text=${encodeURIComponent(text)}`,
  );
  return { headers: { "x-simulate": entries.join(",") } };
}

/** The JSON object that an upstream got. */
export function bodyOf(call: RecordedCall | undefined): Readonly<Record<string, unknown>> {
  return parseObject(Buffer.from(call?.body ?? []).toString("utf8"));
}

export function parseObject(json: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null) throw new Error(`Wanted an object: ${json}`);
  return { ...value };
}

/** Everything that a stream yields. */
export async function gather<Item>(stream: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** What a promise rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("Wanted a rejection, found a value");
}

/** Waits until a condition holds. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error("it did not come to pass in five seconds");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
