import { openCascadeStream } from "./library/open-cascade-stream.ts";
import { checkObject, type CallOptions, type MessageParams } from "./library/call-request.ts";
import { createCascadeEngine, type CallPlan } from "./library/cascade-engine.ts";
import type { CascadeOptions } from "./library/cascade-options.ts";
import type { CascadeStream } from "./library/cascade-stream.ts";
import type { Cascade, CascadeMessage, CascadeMessages } from "./library/cascade.ts";
import { classify } from "./library/classify.ts";
import { createMessage } from "./library/create-message.ts";
import { settleOptions } from "./library/settle-options.ts";

/**
 * Makes a cascade for use inside this process: no gateway, and no ledger unless one is given.
 * Nothing is opened before the first call.
 *
 * @throws LeadsmanError `invalid_cascade` with what was wanted and what was found
 */
export function createCascade(options: CascadeOptions): Cascade {
  const engine = createCascadeEngine(settleOptions(options));
  const planFor = (params: MessageParams, callOptions: CallOptions = {}): CallPlan => ({
    requestId: engine.requestIds(),
    params,
    options: callOptions,
    classification: null,
  });

  const stream: CascadeMessages["stream"] = (params, callOptions) =>
    openCascadeStream(engine, planFor({ ...params, stream: true }, callOptions));

  async function answer(
    params: MessageParams,
    callOptions?: CallOptions,
  ): Promise<CascadeMessage | CascadeStream> {
    checkObject("params", params);
    const plan = planFor(params, callOptions);
    if (params.stream !== true) return createMessage(engine, plan);
    const running = openCascadeStream(engine, plan);
    await running.opened;
    return running;
  }
  function create(
    params: MessageParams & { readonly stream: true },
    callOptions?: CallOptions,
  ): Promise<CascadeStream>;
  function create(
    params: MessageParams & { readonly stream?: false },
    callOptions?: CallOptions,
  ): Promise<CascadeMessage>;
  function create(
    params: MessageParams,
    callOptions?: CallOptions,
  ): Promise<CascadeMessage | CascadeStream>;
  function create(
    params: MessageParams,
    callOptions?: CallOptions,
  ): Promise<CascadeMessage | CascadeStream> {
    return answer(params, callOptions);
  }

  return {
    messages: { create, stream },
    classify: (task, callOptions = {}) => classify(engine, task, callOptions),
    close: (signal = new AbortController().signal) => engine.close(signal),
  };
}
