import { readErrorEnvelope } from "../../messages/error-envelope.ts";
import type { HttpHeaders } from "../../providers/provider.ts";
import { CascadeApiError } from "./cascade-api-error.ts";
import type { Receipt } from "./receipt.ts";

/** A response in one piece. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
  /** It was broken off on purpose. */
  readonly isBroken: boolean;
}

/** The error that a response without an answer stands for. */
export function responseError(
  { status, headers, body, isBroken }: WholeResponse,
  requestId: string,
  receipt: Receipt | null,
): CascadeApiError {
  const error = isBroken ? null : readErrorEnvelope(body);
  const isUnreachable = receipt?.attempts.at(-1)?.outcome === "failed";
  const failed = isUnreachable ? "upstream_unreachable" : "upstream_error";
  return new CascadeApiError({
    code: status < 400 ? "answer_broken" : failed,
    status,
    type: error?.type ?? "api_error",
    message: error?.message ?? `The upstream's response of status ${status} holds no answer.`,
    requestId,
    receipt,
    headers,
  });
}
