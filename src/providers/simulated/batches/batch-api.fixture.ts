import { isJsonObject } from "../../../support/json.ts";
import type { JsonObject, JsonValue } from "../../../support/json.ts";
import { simulateExchange } from "../simulated-exchange.ts";
import type { ExchangeOptions } from "../simulated-exchange.ts";
import { createSimulatedWorld } from "../simulated-world.ts";
import type { SimulatedWorld } from "../simulated-world.ts";
import { createBatchStore } from "./batch-store.ts";
import type { BatchStore } from "./batch-store.ts";

export const world: SimulatedWorld = createSimulatedWorld({ seed: "batches" });
export const COLLECTION = "/v1/messages/batches";
export const MINUTE_MS = 60_000;

export interface Played {
  readonly status: number | undefined;
  readonly headers: unknown;
  readonly body: string;
  readonly last: string | undefined;
}

export interface BatchApi {
  readonly batches: BatchStore;
  call(
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly nowMs?: number; readonly simulate?: string },
  ): Played;
}

export function openBatchApi(
  options: Partial<ExchangeOptions> = {},
  batches: BatchStore = createBatchStore({ timeScale: 1 }),
): BatchApi {
  let index = 0;
  return {
    batches,
    call: (method, path, { body, nowMs = 0, simulate } = {}) => {
      const exchange = simulateExchange(
        { world, ...options },
        {
          method,
          path,
          headers: {
            host: "here:1",
            ...(simulate === undefined ? {} : { "x-simulate": simulate }),
          },
          body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? null)),
        },
        { index: index++, nowMs, batches },
      );
      const head = exchange.steps.find((step) => step.kind === "head");
      const chunks = exchange.steps.flatMap((step) => (step.kind === "bytes" ? [step.bytes] : []));
      return {
        status: head?.status,
        headers: head?.headers,
        body: Buffer.concat(chunks).toString(),
        last: exchange.steps.at(-1)?.kind,
      };
    },
  };
}

/** A sound body of a message call. */
export function params(i: number, members: object = {}): object {
  return {
    model: "claude-opus-4-7",
    max_tokens: 500,
    messages: [{ role: "user", content: world.makeTask(i) }],
    ...members,
  };
}

/** The body that creates a batch of so many requests, `row-0` and on. */
export function posted(count: number, members: (i: number) => object = () => ({})): object {
  return {
    requests: Array.from({ length: count }, (_, i) => ({
      custom_id: `row-${i}`,
      params: params(i, members(i)),
    })),
  };
}

/** The id of the first batch in a response. */
export function idOf({ body }: Played): string {
  return /"id":"(msgbatch_[^"]+)"/.exec(body)?.[1] ?? "none";
}

/** Results by custom id, of a batch that has surely ended. */
export function resultsOf(api: BatchApi, id: string): Map<string, JsonObject> {
  const { body } = api.call("GET", `${COLLECTION}/${id}/results`, { nowMs: 60 * MINUTE_MS });
  const lines = body.split("\n").slice(0, -1).map(objectIn);
  return new Map(lines.map((line) => [textOf(line["custom_id"]), member(line, "result")]));
}

export function objectIn(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

/** An object inside of an object. */
export function member(value: JsonObject | undefined, name: string): JsonObject {
  const inner = value?.[name];
  return isJsonObject(inner) ? inner : {};
}

/** How many results of each kind there are. */
export function kindsOf(api: BatchApi, id: string): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { type } of resultsOf(api, id).values()) {
    const kind = textOf(type);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
