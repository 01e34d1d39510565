import type { ClassificationProblem } from "../../cascade/classify.ts";
import type { HttpHeaders } from "../../providers/provider.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { Receipt } from "./receipt.ts";

/** Why there is no answer, for code to branch on. */
export type CascadeApiErrorCode =
  /** The parameters are no request of the Messages API; nothing was sent. */
  | "request_invalid"
  /** The last tier answered with an error status; `status`, `type` and `message` are its own. */
  | "upstream_error"
  /** No response came from the last tier: status 502, or 504 after a time limit. */
  | "upstream_unreachable"
  /** An answer had begun and broke off, or what came was no answer. */
  | "answer_broken"
  /** A classification was refused by the last tier. */
  | "refused"
  /** A classification was cut off by the last tier's token limit. */
  | "truncated"
  /** What the last tier wrote is no usable classification; `unknown_label`: none of the labels. */
  | ClassificationProblem;

export interface CascadeApiErrorParts {
  readonly code: CascadeApiErrorCode;
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly requestId: string;
  readonly receipt: Receipt | null;
  readonly headers?: HttpHeaders;
}

/** A call that got no complete answer. `code` is a `CascadeApiErrorCode`. */
export class CascadeApiError extends LeadsmanError {
  override readonly name: string = "CascadeApiError";
  /**
   * HTTP status of the response; of an error inside a stream, the one that its type stands for; 200
   * when the answer itself was of no use.
   */
  readonly status: number;
  /** Type of the error in the words of the Messages API, for example `overloaded_error`. */
  readonly type: string;
  /** Id of the request and its receipt; upstream's own ids are in the receipt's attempts. */
  readonly requestId: string;
  /** What was spent all the same; null when nothing was sent. */
  readonly receipt: Receipt | null;
  /** Of the response, names in lower case, for example `retry-after`; empty when none came. */
  readonly headers: HttpHeaders;

  constructor(parts: CascadeApiErrorParts) {
    super(parts.code, parts.message);
    this.status = parts.status;
    this.type = parts.type;
    this.requestId = parts.requestId;
    this.receipt = parts.receipt;
    this.headers = parts.headers ?? {};
  }
}
