import { readMessageResponse } from "../../messages/read-message-usage.ts";
import type { HttpHeaders } from "../../providers/provider.ts";
import { reasonOf } from "./abort-error.ts";
import type { CascadeMessage } from "./cascade.ts";
import {
  closedError,
  type CallPlan,
  type CascadeEngine,
  type EngineCall,
} from "./cascade-engine.ts";
import type { ResponseConsumer } from "./in-process-call.ts";
import { responseError, type WholeResponse } from "./response-error.ts";

/** Makes a call that does not stream. Errors: see `CascadeMessages.create`. */
export async function createMessage(
  engine: CascadeEngine,
  plan: CallPlan,
): Promise<CascadeMessage> {
  const { signal } = plan.options;
  if (signal?.aborted === true) throw reasonOf(signal);
  const { consumer, response } = collectResponse();
  const call = await engine.begin(plan, consumer);
  const whole = await unlessAborted(Promise.race([response, endOf(call)]), call, signal);
  const receipt = await call.receipt;
  const message = whole.status === 200 && !whole.isBroken ? readMessageResponse(whole.body) : null;
  if (message === null || receipt === null) throw responseError(whole, plan.requestId, receipt);
  return { ...message, receipt };
}

function collectResponse(): {
  readonly consumer: ResponseConsumer;
  readonly response: Promise<WholeResponse>;
} {
  const { promise, resolve } = Promise.withResolvers<WholeResponse>();
  const chunks: Uint8Array[] = [];
  let head: { readonly status: number; readonly headers: HttpHeaders } = { status: 0, headers: {} };
  const finish = (isBroken: boolean): void => {
    resolve({ ...head, body: Buffer.concat(chunks), isBroken });
  };
  const consumer: ResponseConsumer = {
    onHead: (status, headers) => {
      head = { status, headers };
    },
    onChunk: (chunk) => {
      chunks.push(chunk);
      return true;
    },
    onEnd: () => {
      finish(false);
    },
    onBroken: () => {
      finish(true);
    },
  };
  return { consumer, response: promise };
}

/** Rejects when the call is over. Too late to be heard where a response has come. */
async function endOf(call: EngineCall): Promise<never> {
  await call.receipt;
  throw closedError();
}

async function unlessAborted<Outcome>(
  outcome: Promise<Outcome>,
  call: EngineCall,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  if (signal === undefined) return outcome;
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    call.leave();
    aborted.reject(reasonOf(signal));
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([aborted.promise, outcome]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
