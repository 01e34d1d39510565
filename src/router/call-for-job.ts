import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Attempt, RequestRecord } from "../cascade/receipt.ts";
import type { MessageRequest } from "../messages/message-request.ts";
import type { Message } from "../messages/message.ts";
import { promptTextBytes } from "../messages/request-text.ts";
import type { Provider, UpstreamTimeouts } from "../providers/provider.ts";
import type { Clock } from "../support/clock.ts";
import { invariant } from "../support/invariant.ts";
import { OpenAttempt } from "./attempt-log.ts";
import { DirectCall } from "./direct-call.ts";

/** What calls of jobs need; the same as any call's. */
export interface JobCallParts {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly timeoutsOf: (provider: string) => UpstreamTimeouts;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

/** A call about a request that has its record, such as a judge's. */
export interface JobCall {
  /** Name of a provider that has a credential of its own. */
  readonly provider: string;
  readonly request: MessageRequest;
  readonly attemptIndex: number;
  readonly record: RequestRecord;
}

/** The version of the API that our own requests are written for. */
const API_VERSION = "2023-06-01";

/** Asks a judge for a whole message, and books the call. Never rejects. */
export async function callJudge(
  parts: JobCallParts,
  call: JobCall,
  signal: AbortSignal,
): Promise<{ readonly attempt: Attempt; readonly message: Message | null }> {
  const { clock, catalogue } = parts;
  const { request, record } = call;
  const provider = parts.providers.get(call.provider);
  invariant(provider !== undefined, `provider "${call.provider}" is configured`);
  // The client's arrival on this process's own clock, which may be younger than the request.
  const arrivedMonotonicMs = clock.monotonicMs() - (clock.nowMs() - record.startedAtMs);
  const attempt = new OpenAttempt(
    call.attemptIndex,
    {
      role: "judge",
      tier: null,
      provider,
      model: request.model,
      edits: [],
      promptHash: null,
      promptBytes: promptTextBytes(request),
    },
    { clock, catalogue, arrivedMonotonicMs },
  );
  const direct = new DirectCall({
    provider,
    request: {
      method: "POST",
      path: "/v1/messages",
      headers: { "content-type": "application/json", "anthropic-version": API_VERSION },
      body: Buffer.from(JSON.stringify(request), "utf8"),
      timeouts: parts.timeoutsOf(provider.name),
    },
    attempt,
    answer: { beginStream: () => undefined, stream: () => undefined },
    onSent: () => undefined,
    keepsMessage: true,
  });
  const abandon = (): void => {
    direct.abandon();
  };
  if (signal.aborted) abandon();
  else signal.addEventListener("abort", abandon, { once: true });
  const result = await direct.result;
  signal.removeEventListener("abort", abandon);
  // There is no client of a job that could have left: we gave it up.
  if (result.kind === "client_left") {
    return { attempt: { ...result.attempt, outcome: "aborted" }, message: null };
  }
  return { attempt: result.attempt, message: "message" in result ? result.message : null };
}
