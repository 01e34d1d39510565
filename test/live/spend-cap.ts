import type { NanoUsd } from "../../src/catalogue/cost.ts";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { tokenCounts } from "../../src/catalogue/token-counts.ts";
import type { Usage } from "../../src/messages/message.ts";
import { readMessageResponse } from "../../src/messages/read-message-usage.ts";
import { createUsageTap } from "../../src/messages/usage-tap.ts";
import type {
  Provider,
  UpstreamCall,
  UpstreamHead,
  UpstreamRequest,
  UpstreamSink,
} from "../../src/providers/provider.ts";
import { parseObject } from "../library/simulated-cascade.ts";

/** A provider that cannot spend more than its cap, whatever it is asked. */
export interface CappedProvider extends Provider {
  /** Spent by calls that are over, and the most that those under way can cost. */
  committedNanoUsd(): NanoUsd;
  /** Calls that were not made, since they might have gone over the cap. */
  refusedCalls(): number;
}

/**
 * Reserves the most that a call can cost before it is sent, and books what it did cost afterwards:
 * nothing for an error status, the reported usage for a complete answer, else the reservation.
 */
export function capSpending(provider: Provider, capNanoUsd: NanoUsd): CappedProvider {
  let committed = 0n;
  let refused = 0;
  return {
    ...provider,
    committedNanoUsd: () => committed,
    refusedCalls: () => refused,
    send: (request, sink) => {
      const bound = boundOf(request);
      if (committed + bound > capNanoUsd) {
        refused += 1;
        return refuse(sink, bound);
      }
      committed += bound;
      return provider.send(
        request,
        watch(sink, (usage, model) => {
          committed += costOf(usage, model) - bound;
        }),
      );
    },
  };
}

/** What a request costs at the very most. */
export function boundOf({ body }: Pick<UpstreamRequest, "body">): NanoUsd {
  if (!(body instanceof Uint8Array)) throw new Error("Wanted a body in one piece");
  const request = parseObject(Buffer.from(body).toString("utf8"));
  const { model, max_tokens: maxTokens, speed } = request;
  if (typeof model !== "string" || typeof maxTokens !== "number") {
    throw new Error("Wanted a request with model and max_tokens");
  }
  const hasHidden = request["tools"] !== undefined || request["output_config"] !== undefined;
  const inputTokens = body.length + (hasHidden ? HIDDEN_TOKENS : 0);
  const bound = costOf({ input_tokens: inputTokens, output_tokens: maxTokens }, model);
  return speed === "fast" ? bound * FAST_FACTOR : bound;
}

/** No token is shorter than a byte; formats and tools add prompts that nobody sees. */
const HIDDEN_TOKENS = 1_000;

/** The highest factor of fast mode that was ever published. */
const FAST_FACTOR = 6n;

const catalogue = createCatalogue();

function costOf(usage: Usage | null, model: string): NanoUsd {
  if (usage === null) return 0n;
  const options = { isBatch: false, geo: null, speed: null, atMs: Date.now() };
  const { costNanoUsd } = catalogue.cost(model, tokenCounts(usage), options);
  if (costNanoUsd === null) throw new Error(`Wanted a price for ${model}, found none`);
  return costNanoUsd;
}

/** @param onKnown told once what the call used, null = nothing; never told of a cut call */
function watch(
  sink: UpstreamSink,
  onKnown: (usage: Usage | null, model: string) => void,
): UpstreamSink {
  const tap = createUsageTap();
  const body: Uint8Array[] = [];
  let status = 0;
  return {
    onHead: (head: UpstreamHead) => {
      status = head.status;
      sink.onHead(head);
    },
    onChunk: (chunk) => {
      tap.push(chunk);
      body.push(chunk);
      sink.onChunk(chunk);
    },
    onEnd: () => {
      const message = readMessageResponse(Buffer.concat(body));
      const usage = tap.isStopped ? tap.usage : (message?.usage ?? null);
      const model = tap.reportedModel ?? message?.model ?? null;
      if (status >= 400) onKnown(null, "");
      else if (usage !== null && model !== null) onKnown(usage, model);
      sink.onEnd();
    },
    onFailure: (failure) => {
      sink.onFailure(failure);
    },
  };
}

function refuse(sink: UpstreamSink, bound: NanoUsd): UpstreamCall {
  const message = `The call was not made: it might cost ${bound} nano-dollars, over the cap.`;
  let isAborted = false;
  queueMicrotask(() => {
    if (!isAborted) sink.onFailure({ code: "connect_failed", message, isSafeToRetry: false });
  });
  const none = (): void => undefined;
  return { abort: () => void (isAborted = true), pause: none, resume: none };
}
