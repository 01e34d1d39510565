import type { NanoUsd, TokenCounts } from "../catalogue/cost.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { tokenCounts } from "../catalogue/token-counts.ts";
import type { Attempt } from "../cascade/receipt.ts";
import type { AttemptOutcome, AttemptRole } from "../cascade/words.ts";
import type { BodyEdit } from "../messages/message-request.ts";
import type { Usage } from "../messages/message.ts";
import type { Provider, UpstreamHead } from "../providers/provider.ts";
import { elapsedMs, type Clock } from "../support/clock.ts";

/** What is known of an attempt when it is sent. */
export interface AttemptStart {
  readonly role: AttemptRole;
  readonly tier: number | null;
  readonly provider: Provider;
  readonly model: string;
  readonly edits: readonly BodyEdit[];
  readonly promptHash: string | null;
  /** Size of the prompt's text in bytes: the estimate when upstream never says how many tokens. */
  readonly promptBytes: number;
}

/** What is known of an attempt when it is over. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly failureCode?: string | null;
  readonly stopReason?: string | null;
  /** Upstream's own counts, as far as they came. */
  readonly usage?: Usage | null;
  /** Bytes of answer text that arrived: the lower bound for an answer that was cut. */
  readonly answerBytes?: number;
  readonly verdict?: AttemptVerdict;
  readonly reportedModel?: string | null;
}

/** What a triage said, and what that was held against. */
export interface AttemptVerdict {
  readonly confidence: number | null;
  readonly threshold: number;
  /** A visible character of the answer had been read. */
  readonly answerBegan: boolean;
}

/** What all attempts of one request have in common. */
export interface AttemptContext {
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  /** When the client's request had arrived, on the monotonic clock. */
  readonly arrivedMonotonicMs: number;
}

/** The books of one upstream call. Opened right before the call is sent, closed when it is over. */
export class OpenAttempt {
  readonly index: number;
  readonly #start: AttemptStart;
  readonly #context: AttemptContext;
  readonly #sentMonotonicMs: number;
  #firstByteMs: number | null = null;
  #head: UpstreamHead | null = null;

  constructor(index: number, start: AttemptStart, context: AttemptContext) {
    this.index = index;
    this.#start = start;
    this.#context = context;
    this.#sentMonotonicMs = context.clock.monotonicMs();
  }

  head(head: UpstreamHead): void {
    this.#firstByteMs = elapsedMs(this.#sentMonotonicMs, this.#context.clock.monotonicMs());
    this.#head = head;
  }

  close(end: AttemptEnd): Attempt {
    const { clock, catalogue, arrivedMonotonicMs } = this.#context;
    const start = this.#start;
    const status = this.#head?.status ?? null;
    const headers = this.#head?.headers ?? {};
    const booked = bookTokens(end, status, start.promptBytes);
    const cost = priceAttempt(catalogue, start.model, end, booked.tokens, clock.nowMs());
    return {
      index: this.index,
      role: start.role,
      tier: start.tier,
      provider: start.provider.name,
      isSimulated: start.provider.isSimulated || headers[SIMULATED_HEADER] !== undefined,
      model: start.model,
      reportedModel: end.reportedModel ?? null,
      outcome: end.outcome,
      status,
      failureCode: end.failureCode ?? null,
      stopReason: end.stopReason ?? null,
      upstreamRequestId: headerText(headers["request-id"]),
      startedAfterMs: elapsedMs(arrivedMonotonicMs, this.#sentMonotonicMs),
      firstByteMs: this.#firstByteMs,
      latencyMs: elapsedMs(this.#sentMonotonicMs, clock.monotonicMs()),
      tokens: booked.tokens,
      isEstimated: booked.isEstimated,
      costNanoUsd: cost.costNanoUsd,
      priceSource: cost.source,
      edits: start.edits,
      confidence: end.verdict?.confidence ?? null,
      threshold: end.verdict?.threshold ?? null,
      answerBegan: end.verdict?.answerBegan ?? false,
      promptHash: start.promptHash,
    };
  }
}

/** A simulated upstream behind a port says so in every response. */
const SIMULATED_HEADER = "x-leadsman-simulated";

const NO_TOKENS: TokenCounts = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
};

/** Four bytes of text are about a token; only ever used for what upstream did not report. */
const BYTES_PER_TOKEN = 4;

/** Failures that happen before a request can have been delivered, so that nothing is billed. */
const UNDELIVERED = new Set(["connect_failed", "connect_timeout"]);

/**
 * The tokens to book. A complete answer books upstream's counts. A cut one books what was seen as a
 * lower bound, marked estimated: the input as reported or else guessed from the prompt, the output
 * as the larger of the report and the text that arrived.
 */
function bookTokens(
  end: AttemptEnd,
  status: number | null,
  promptBytes: number,
): { tokens: TokenCounts; isEstimated: boolean } {
  const usage = end.usage ?? null;
  if (end.outcome === "completed" && usage !== null) {
    return { tokens: tokenCounts(usage), isEstimated: false };
  }
  const isErrorStatus = status !== null && status >= 300;
  if (isErrorStatus || UNDELIVERED.has(end.failureCode ?? "")) {
    return { tokens: NO_TOKENS, isEstimated: false };
  }
  const seenOutputTokens = Math.ceil((end.answerBytes ?? 0) / BYTES_PER_TOKEN);
  const reported =
    usage === null
      ? { ...NO_TOKENS, inputTokens: Math.ceil(promptBytes / BYTES_PER_TOKEN) }
      : tokenCounts(usage);
  const outputTokens = Math.max(reported.outputTokens, seenOutputTokens);
  return { tokens: { ...reported, outputTokens }, isEstimated: true };
}

function priceAttempt(
  catalogue: Catalogue,
  model: string,
  end: AttemptEnd,
  tokens: TokenCounts,
  atMs: number,
): { costNanoUsd: NanoUsd | null; source: string | null } {
  const options = {
    // Upstream's own word: the same answer costs half when it came in a batch.
    isBatch: end.usage?.service_tier === "batch",
    geo: end.usage?.inference_geo ?? null,
    speed: end.usage?.speed ?? null,
    atMs,
  };
  const reported = end.reportedModel ?? null;
  const cost = reported === null ? null : catalogue.cost(reported, tokens, options);
  if (cost?.isPriced === true) return cost;
  const asked = catalogue.cost(model, tokens, options);
  // No tokens cost nothing at any price, known or not.
  if (asked.isPriced || tokens !== NO_TOKENS) return asked;
  return { costNanoUsd: 0n, source: "nothing was billed" };
}

function headerText(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : value.join(", ");
}
