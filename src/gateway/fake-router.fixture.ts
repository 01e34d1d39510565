import type { ClientRequest, ClientSink, ForwardedRequest, Router } from "../router/router.ts";
import { systemClock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { DEFAULT_GATEWAY_LIMITS } from "./limits.ts";
import type { GatewayLimits } from "./limits.ts";
import { startGateway } from "./start-gateway.ts";
import type { Gateway, GatewayOptions } from "./start-gateway.ts";

/** What a test lets the router do; whatever is left out answers 200 with `{}`. */
export interface FakeRouterParts {
  messages?: (request: ClientRequest, sink: ClientSink) => Promise<void> | void;
  countTokens?: (request: ClientRequest, sink: ClientSink) => Promise<void> | void;
  forwarded?: (request: ForwardedRequest, sink: ClientSink) => Promise<void> | void;
}

/** A router for tests of the gateway alone: keeps what it was given, calls no provider. */
export interface FakeRouter extends Router {
  readonly messageCalls: ClientRequest[];
  readonly countTokensCalls: ClientRequest[];
  readonly forwardedCalls: ForwardedRequest[];
}

export function createFakeRouter(parts: FakeRouterParts = {}): FakeRouter {
  const messageCalls: ClientRequest[] = [];
  const countTokensCalls: ClientRequest[] = [];
  const forwardedCalls: ForwardedRequest[] = [];
  return {
    messageCalls,
    countTokensCalls,
    forwardedCalls,
    handleMessages: async (request, sink) => {
      messageCalls.push(request);
      await (parts.messages ?? answerEmpty)(request, sink);
    },
    handleCountTokens: async (request, sink) => {
      countTokensCalls.push(request);
      await (parts.countTokens ?? answerEmpty)(request, sink);
    },
    handleForwarded: async (request, sink) => {
      forwardedCalls.push(request);
      await (parts.forwarded ?? answerEmpty)(request, sink);
    },
    backgroundCalls: () => 0,
    commitCounts: () => ({ late: 0, lost: 0 }),
    drain: () => Promise.resolve(),
  };
}

/** Sends a whole answer in one go, as an upstream's short JSON would come. */
export function answer(sink: ClientSink, json: unknown, status = 200): void {
  sink.open(status, { "content-type": "application/json" });
  sink.write(Buffer.from(JSON.stringify(json)));
  sink.end();
}

function answerEmpty(_request: unknown, sink: ClientSink): void {
  answer(sink, {});
}

export type TestGatewayOptions = Omit<Partial<GatewayOptions>, "limits"> & {
  readonly limits?: Partial<GatewayLimits>;
};

/** A gateway on a free loopback port. */
export function startTestGateway(options: TestGatewayOptions = {}): Promise<Gateway> {
  let idCount = 0;
  const countedBytes = (length: number): Uint8Array => {
    idCount += 1;
    return new Uint8Array(length).fill(idCount);
  };
  return startGateway({
    host: "127.0.0.1",
    port: 0,
    token: null,
    allowedHosts: [],
    router: createFakeRouter(),
    ledger: null,
    clock: systemClock,
    requestIds: createIdSource("req_", systemClock, countedBytes),
    virtualModels: () => [],
    requiresTokenAsApiKey: false,
    ...options,
    limits: { ...DEFAULT_GATEWAY_LIMITS, ...options.limits },
  });
}
