import type { Catalogue } from "../../catalogue/catalogue.ts";
import type { NanoUsd, TokenCounts } from "../../catalogue/cost.ts";
import type { VerdictProtocol } from "../../cascade/protocols/protocol.ts";
import type { Route } from "../../cascade/route.ts";
import { bufferOf } from "../../messages/buffer-of.ts";
import type { MessageRequest } from "../../messages/message-request.ts";
import { countImages } from "../../messages/request-text.ts";
import { isJsonObject } from "../../support/json.ts";
import { tierModelOf, type ReplayRow } from "./replay-row.ts";

/** Between what and what a call will cost, in tokens and money. */
export interface CostRange {
  readonly lowInputTokens: number;
  readonly highInputTokens: number;
  readonly highOutputTokens: number;
  /** The prompt alone; null = unpriced. */
  readonly lowNanoUsd: NanoUsd | null;
  /** A prompt of many tokens and an answer as long as it may get; null = unpriced. */
  readonly highNanoUsd: NanoUsd | null;
}

export interface EstimateContext {
  readonly route: Route;
  readonly protocol: VerdictProtocol;
  readonly catalogue: Catalogue;
  readonly isBatch: boolean;
  readonly atMs: number;
}

/** Real text has 3 to 5 bytes a token: so few that an estimate is not too low. */
const FEWEST_BYTES_PER_TOKEN = 2;
const MOST_BYTES_PER_TOKEN = 5;

/** What a large image takes on the models that look closest. */
const TOKENS_PER_IMAGE = 4_784;

/** Hidden prompts of tools and output formats, at most about as long. */
const HIDDEN_TOKENS = 1_000;

/** What a triage may write more than the client allowed, for the wrapper around its answer. */
const WRAPPER_ALLOWANCE_TOKENS = 64;

/** What asking one tier of a route for one row may cost. */
export function estimateCost(row: ReplayRow, tier: number, context: EstimateContext): CostRange {
  const { route, protocol, catalogue, isBatch, atMs } = context;
  const request = row.parsed.value;
  const model = tierModelOf(route, tier, request.model);
  const isTriage = tier < route.tiers.length - 1;
  const added = isTriage ? protocol.instructionTokens : 0;
  const binaryBytes = documentBytes(request);
  const lowInputTokens = Math.ceil(row.promptBytes / MOST_BYTES_PER_TOKEN);
  const highInputTokens =
    Math.ceil((row.promptBytes + binaryBytes) / FEWEST_BYTES_PER_TOKEN) +
    countImages(request) * TOKENS_PER_IMAGE +
    2 * added +
    HIDDEN_TOKENS;
  const allowed = request.max_tokens + (isTriage ? WRAPPER_ALLOWANCE_TOKENS : 0);
  const highOutputTokens = Math.min(allowed, catalogue.maxOutputTokens(model) ?? allowed);
  const price = { isBatch, geo: null, speed: null, atMs };
  const low = catalogue.cost(model, { ...NONE, inputTokens: lowInputTokens }, price);
  // Writing to a cache costs more than plain input, the longer kind twice as much.
  const input = bufferOf(row.parsed.bytes).includes("cache_control")
    ? "cacheWrite1hTokens"
    : "inputTokens";
  const counts = { ...NONE, [input]: highInputTokens, outputTokens: highOutputTokens };
  const high = catalogue.cost(model, counts, price);
  return {
    lowInputTokens,
    highInputTokens,
    highOutputTokens,
    lowNanoUsd: low.costNanoUsd,
    highNanoUsd: high.costNanoUsd,
  };
}

const NONE: TokenCounts = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
};

/** Bytes of what documents hold as base64: their text is among them. */
function documentBytes({ messages }: MessageRequest): number {
  let bytes = 0;
  for (const { content } of messages) {
    if (typeof content === "string") continue;
    for (const { type, source } of content) {
      if (type !== "document" || !isJsonObject(source)) continue;
      const { data } = source;
      if (typeof data === "string") bytes += data.length;
    }
  }
  return bytes;
}
