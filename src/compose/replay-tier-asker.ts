import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Attempt } from "../cascade/receipt.ts";
import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";
import type { Route } from "../cascade/route.ts";
import { tierModelOf, type ReplayRow } from "../datasets/replay/replay-row.ts";
import type { TierAnswer, TierAsker, TierOutcome } from "../datasets/replay/tier-asker.ts";
import type { Message } from "../messages/message.ts";
import type { Provider, UpstreamTimeouts } from "../providers/provider.ts";
import { OpenAttempt } from "../router/attempt-log.ts";
import { DirectCall } from "../router/direct-call.ts";
import { cheapMissing } from "../router/evidence-of-pair.ts";
import { sideOf } from "../router/shadow-pairs.ts";
import { lastTierRequest, triageTierRequest, type TierRequest } from "../router/tier-request.ts";
import { TriageCall } from "../router/triage-call.ts";
import { TriageReading } from "../router/triage-reading.ts";
import type { Clock } from "../support/clock.ts";
import { invariant } from "../support/invariant.ts";
import { classifyTrouble } from "./replay-trouble.ts";
import { tapProvider, type TappedCall } from "./tapped-provider.ts";

export interface ReplayAskerOptions {
  readonly route: Route;
  readonly protocol: VerdictProtocol;
  readonly catalogue: Catalogue;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly timeoutsOf: (provider: string) => UpstreamTimeouts;
  readonly clock: Clock;
  /** Told of every response's head. */
  readonly onHead: TappedCall["onHead"];
}

/** Every confidence is read to the end of its answer: thresholds come later. */
const READ_ALL = 0;

const HEADERS = {
  "accept-encoding": "identity",
  "anthropic-version": "2023-06-01",
  "content-type": "application/json",
};

/** Asks tiers as the gate would: the triage of a shadow, and the last tier as in an escalation. */
export function createReplayAsker(options: ReplayAskerOptions): TierAsker {
  const deepTier = options.route.tiers.length - 1;
  return {
    ask: (row, tier, hurry) =>
      tier < deepTier ? askTriage(row, tier, hurry, options) : askDeep(row, tier, hurry, options),
  };
}

/** What a tier is sent for a row. */
export function tierRequest(
  { parsed }: ReplayRow,
  tier: number,
  { route, catalogue, protocol }: ReplayAskerOptions,
): TierRequest {
  const model = tierModelOf(route, tier, parsed.value.model);
  const input = { parsed, catalogue, model, apiVersion: null };
  return tier < route.tiers.length - 1
    ? triageTierRequest(input, protocol)
    : lastTierRequest(input, parsed.bytes, true);
}

interface TierCall {
  readonly model: string;
  readonly provider: Provider;
  readonly tapped: TappedCall;
  readonly timeouts: UpstreamTimeouts;
}

function tierCall(row: ReplayRow, tier: number, options: ReplayAskerOptions): TierCall {
  const { route, providers, timeoutsOf, onHead } = options;
  const name = route.tiers[tier]?.provider ?? "";
  const provider = providers.get(name);
  invariant(provider !== undefined, `provider "${name}" is configured`);
  const { provider: tappedProvider, call } = tapProvider(provider, onHead);
  return {
    model: tierModelOf(route, tier, row.parsed.value.model),
    provider: tappedProvider,
    tapped: call,
    timeouts: timeoutsOf(name),
  };
}

async function askTriage(
  row: ReplayRow,
  tier: number,
  hurry: AbortSignal,
  options: ReplayAskerOptions,
): Promise<TierOutcome> {
  const { protocol, route, clock } = options;
  const { model, provider, tapped, timeouts } = tierCall(row, tier, options);
  const { body, edits } = tierRequest(row, tier, options);
  const reading = new TriageReading({ protocol, threshold: READ_ALL, keepsMessage: true });
  const runOn = Promise.withResolvers<Attempt>();
  const { promptHash } = protocol;
  const start = { role: "shadow_triage", tier, provider, model, edits, promptHash } as const;
  const call = new TriageCall({
    provider,
    request: { method: "POST", path: "/v1/messages", headers: HEADERS, body, timeouts },
    attempt: new OpenAttempt(0, { ...start, promptBytes: row.promptBytes }, books(options, clock)),
    reading,
    timeoutMs: route.limits.triageTimeoutMs,
    answer: { begin: () => undefined, advance: () => undefined },
    onSent: () => undefined,
    mayRunOn: () => true,
    onRunOn: runOn.resolve,
  });
  const abandon = (): void => {
    call.abandon();
  };
  hurry.addEventListener("abort", abandon, { once: true });
  const result = await call.result;
  const attempt = result.attempt ?? (await runOn.promise);
  hurry.removeEventListener("abort", abandon);
  const { costNanoUsd } = attempt;
  if (result.kind === "input_too_long") return { kind: "not_eligible", costNanoUsd };
  const trouble = classifyTrouble(attempt, tapped, options.clock.nowMs());
  if (trouble !== null) return trouble;
  const isWrapped = protocol.shippedForm === "answer";
  const text = isWrapped ? reading.takeAnswerText() : textOf(reading.message);
  const missing = cheapMissing(sideOf(attempt), attempt);
  return {
    kind: "answered",
    answer: {
      ...answerOf(attempt),
      confidence: attempt.confidence,
      missing,
      text: missing === null || text !== "" ? text : null,
      message: isWrapped || reading.message === null ? null : JSON.stringify(reading.message),
    },
  };
}

async function askDeep(
  row: ReplayRow,
  tier: number,
  hurry: AbortSignal,
  options: ReplayAskerOptions,
): Promise<TierOutcome> {
  const { model, provider, tapped, timeouts } = tierCall(row, tier, options);
  const { body, edits } = tierRequest(row, tier, options);
  const start = { role: "shadow_answer", tier, provider, model, edits, promptHash: null } as const;
  const call = new DirectCall({
    provider,
    request: { method: "POST", path: "/v1/messages", headers: HEADERS, body, timeouts },
    attempt: new OpenAttempt(
      0,
      { ...start, promptBytes: row.promptBytes },
      books(options, options.clock),
    ),
    keepsMessage: true,
    answer: { beginStream: () => undefined, stream: () => undefined },
    onSent: () => undefined,
  });
  const abandon = (): void => {
    call.abandon();
  };
  hurry.addEventListener("abort", abandon, { once: true });
  const result = await call.result;
  hurry.removeEventListener("abort", abandon);
  const { attempt } = result;
  const trouble = classifyTrouble(attempt, tapped, options.clock.nowMs());
  if (trouble !== null) return trouble;
  const message = "message" in result ? result.message : null;
  return {
    kind: "answered",
    answer: {
      ...answerOf(attempt),
      confidence: null,
      missing: sideOf(attempt).missing,
      text: textOf(message),
      message: message === null ? null : JSON.stringify(message),
    },
  };
}

function books({ catalogue }: ReplayAskerOptions, clock: Clock) {
  return { clock, catalogue, arrivedMonotonicMs: clock.monotonicMs() };
}

function answerOf(attempt: Attempt): Pick<TierAnswer, "model" | "costNanoUsd" | "latencyMs"> {
  const { reportedModel, model, costNanoUsd, latencyMs } = attempt;
  return { model: reportedModel ?? model, costNanoUsd, latencyMs };
}

/** All text of an answer; null when it has none. */
export function textOf(message: Pick<Message, "content"> | null): string | null {
  let text: string | null = null;
  for (const block of message?.content ?? []) {
    if (block.type === "text" && block.text !== undefined) text = (text ?? "") + block.text;
  }
  return text;
}
