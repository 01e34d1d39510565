import type { UpstreamHead } from "../providers/provider.ts";
import { invariant } from "../support/invariant.ts";
import { ClientResponse } from "./client-response.ts";
import type { RouterEnvironment } from "./flight.ts";
import { errorOfFailure } from "./own-errors.ts";
import { RecordDraft } from "./record-draft.ts";
import type { ClientSink, ForwardedRequest } from "./router.ts";
import { CLIENT_CLOSED_REQUEST } from "./settle.ts";
import { clientHeaders, upstreamHeaders } from "./upstream-headers.ts";
import { elapsedMs } from "../support/clock.ts";

/**
 * Passes a call on that is no business of a route: unread, unbuffered, both ways. The ledger gets a
 * row without tokens or cost; batches and the like are billed by upstream, unmetered here.
 */
export async function forward(
  environment: RouterEnvironment,
  request: ForwardedRequest,
  sink: ClientSink,
  providerName: string = environment.passthroughProvider,
): Promise<void> {
  const provider = environment.providers.get(providerName);
  invariant(provider !== undefined, `provider "${providerName}" is configured`);
  const { clock } = environment;
  const response = new ClientResponse(sink, {
    clock,
    arrivedMonotonicMs: request.arrivedMonotonicMs,
    isStreaming: false,
  });
  let isEnded = false;
  const status = await new Promise<number>((resolve) => {
    const call = provider.send(
      {
        method: request.method,
        path: request.path,
        headers: upstreamHeaders(request.headers, false),
        body: request.body,
        timeouts: environment.timeoutsOf(provider.name),
      },
      {
        onHead: (head: UpstreamHead) => {
          response.open(head.status, {
            ...clientHeaders(head.headers, {
              "x-leadsman-id": request.id,
              "x-leadsman-decision": "passthrough",
            }),
            ...lengthOf(head),
          });
        },
        onChunk: (chunk) => {
          response.write(chunk);
        },
        onEnd: () => {
          resolve(response.status);
        },
        onFailure: (failure) => {
          const { status, error } = errorOfFailure(failure);
          // A body that was cut cannot be mended by an error in its middle.
          if (response.isOpen) sink.destroy();
          else response.sendError(status, {}, error, request.id);
          isEnded = true;
          resolve(status);
        },
      },
    );
    response.feedFrom(call);
    response.onGone(() => {
      call.abort();
      resolve(CLIENT_CLOSED_REQUEST);
    });
  });
  await record(environment, request, response.bytesSent, status);
  if (!isEnded) response.end();
}

/** The length survives the way, as the body does. */
function lengthOf(head: UpstreamHead): Record<string, string> {
  const length = head.headers["content-length"];
  return typeof length === "string" ? { "content-length": length } : {};
}

async function record(
  environment: RouterEnvironment,
  request: ForwardedRequest,
  responseBytes: number,
  status: number,
): Promise<void> {
  const latencyMs = elapsedMs(request.arrivedMonotonicMs, environment.clock.monotonicMs());
  const draft = new RecordDraft(
    {
      id: request.id,
      startedAtMs: Math.round(environment.clock.nowMs() - latencyMs),
      kind: "other",
      path: pathOnly(request.path),
      route: null,
      routeVersion: null,
      mode: null,
      task: null,
      requestedModel: null,
      thresholdVersion: null,
      isStreaming: false,
      requestBytes: request.body instanceof Uint8Array ? request.body.length : 0,
      bodyHash: null,
      inputClasses: [],
    },
    [],
  );
  draft.decide("forwarded", null);
  const entry = draft.finish({
    status,
    tier: null,
    model: null,
    stopReason: null,
    firstByteMs: null,
    latencyMs,
    responseBytes,
    allDeepNanoUsd: null,
    allDeepBasis: null,
  });
  await environment.committer.commit([{ kind: "request", record: entry }]);
}

/** Queries may hold names of files; the path is all a row needs. */
function pathOnly(path: string): string {
  return path.split("?", 1)[0] ?? path;
}
