import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { RequestRecord } from "../cascade/receipt.ts";
import type { RouteVersion } from "../ledger/ledger.ts";
import { parseMessageRequest } from "../messages/parse-message-request.ts";
import { promptTextBytes } from "../messages/request-text.ts";
import type { Aftermath, RouterEnvironment } from "./flight.ts";
import { readKeptRequest } from "./kept-request.ts";
import { readOwnHeaders } from "./own-headers.ts";
import { RecordDraft } from "./record-draft.ts";
import type { ActiveRoute } from "./route-book.ts";

/** A request that has its record and is taken up again by a job. */
export interface LateRequest {
  readonly record: RequestRecord;
  /** The route as it was when the request came. */
  readonly version: RouteVersion;
  /** Of the job: see `keptRequest`. */
  readonly payload: string;
  /** The stored request. */
  readonly body: Uint8Array;
  /** Number of the call to come. */
  readonly attemptIndex: number;
}

/** What asking a model once more takes, from what the ledger has; null when that cannot be read. */
export function lateAftermath(
  environment: RouterEnvironment,
  { record, version, payload, body, attemptIndex }: LateRequest,
): Aftermath | null {
  const parsed = parseMessageRequest(body);
  const kept = readKeptRequest(payload);
  if (!parsed.ok || kept === null) return null;
  const { clock } = environment;
  const { path, headers } = kept;
  return {
    environment,
    own: readOwnHeaders(headers),
    active: activeThen(version),
    draft: RecordDraft.of(record, attemptIndex),
    promptBytes: promptTextBytes(parsed.value.value),
    request: {
      id: record.id,
      path,
      headers: { "content-type": "application/json", ...headers },
      wireBytes: body,
      parsed: parsed.value,
      // The client's arrival on this process's own clock, which may be younger than the request.
      arrivedMonotonicMs: clock.monotonicMs() - (clock.nowMs() - record.startedAtMs),
    },
  };
}

/** The route with whose models and prompt the request was served. */
export function activeThen({ id, route }: RouteVersion): ActiveRoute {
  return {
    route,
    versionId: id,
    thresholdVersionId: null,
    isCertified: false,
    protocol: createProtocol(route.protocol),
  };
}
