import { validateHeaderName, validateHeaderValue } from "node:http";
import { nearestName } from "../../config/nearest-name.ts";
import { copyRequestHeaders } from "../../gateway/copy-headers.ts";
import type { ParsedRequest } from "../../messages/message-request.ts";
import { parseMessageRequest } from "../../messages/parse-message-request.ts";
import type { HttpHeaders } from "../../providers/provider.ts";
import { isJsonObject } from "../../support/json.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { CascadeApiError } from "./cascade-api-error.ts";

/**
 * Parameters of the Messages API, as the official SDK has them; the SDK's own types fit. Members
 * that are not named here, newer ones too, are sent as they are.
 */
export interface MessageParams {
  /**
   * Default: the model of the last tier. Another one is asked where a tier is `requested`, and by
   * requests that bypass the cascade.
   */
  readonly model?: string;
  readonly max_tokens: number;
  readonly messages: readonly MessageParamsTurn[];
  readonly system?: string | readonly object[];
  readonly stream?: boolean;
  readonly stop_sequences?: readonly string[];
  readonly temperature?: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly thinking?: object;
  readonly output_config?: object;
  readonly tools?: readonly object[];
  readonly tool_choice?: object;
  readonly metadata?: object;
}

/** One turn of the conversation. */
export interface MessageParamsTurn {
  readonly role: string;
  readonly content: string | readonly object[];
}

/** What holds for one call. */
export interface CallOptions {
  /** Ends the call and closes the upstream connection when it is aborted. */
  readonly signal?: AbortSignal;
  /** Sent upstream, for example `anthropic-beta`; a credential of the call's own too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whom the request is for; keeps canary and control choices stable. Not sent upstream. */
  readonly user?: string;
  /** Kind of work, `[a-z0-9_-]{1,64}`, for slices in reports. Not sent upstream. */
  readonly task?: string;
  /** True: the last tier answers, no triage is made. Default false. */
  readonly bypass?: boolean;
}

/** The name a gateway's clients may use for its only route; here it stands for the last tier. */
export const ANY_ROUTE_MODEL = "leadsman";

/** A call in the form that the router takes. */
export interface PreparedCall {
  readonly headers: HttpHeaders;
  readonly parsed: ParsedRequest;
}

export interface CallTarget {
  readonly requestId: string;
  /** Route that the call goes by. */
  readonly route: string;
  /** Stands in for a model that is not named; null when the last tier needs one. */
  readonly defaultModel: string | null;
}

/**
 * @throws LeadsmanError `invalid_call` for options that cannot be meant
 * @throws CascadeApiError `request_invalid` for parameters that are no request
 */
export function prepareCall(
  params: MessageParams,
  options: CallOptions,
  target: CallTarget,
): PreparedCall {
  const { defaultModel, requestId } = target;
  const isModelNamed = params.model !== undefined && params.model !== ANY_ROUTE_MODEL;
  const model = isModelNamed ? params.model : defaultModel;
  if (model === null) {
    throw new LeadsmanError(
      "invalid_call",
      'Cannot make the call: its last tier is "requested", so a model is needed, found none',
    );
  }
  const bytes = Buffer.from(JSON.stringify({ ...params, model }), "utf8");
  const parsed = parseMessageRequest(bytes);
  if (parsed.ok) return { headers: headersOf(options, target.route), parsed: parsed.value };
  throw new CascadeApiError({
    code: "request_invalid",
    status: 400,
    type: "invalid_request_error",
    message: parsed.problem.message,
    requestId,
    receipt: null,
  });
}

/** The version that the vocabulary of `MessageParams` is of. */
const API_VERSION = "2023-06-01";

const TASK_PATTERN = /^[a-z0-9_-]{1,64}$/;

const OPTION_NAMES: readonly string[] = ["signal", "headers", "user", "task", "bypass"];

/**
 * For callers without types.
 *
 * @throws LeadsmanError `invalid_call`
 */
export function checkObject(what: string, value: unknown): void {
  if (isJsonObject(value)) return;
  const found = value === undefined || value === null ? "nothing" : "something else";
  throw invalidCall(`${what} must be an object, found ${found}`);
}

/** An option that is not known may be one that the caller relies on, such as a time limit. */
function checkNames(options: CallOptions): void {
  for (const name of Object.keys(options)) {
    if (OPTION_NAMES.includes(name)) continue;
    const nearest = nearestName(name, OPTION_NAMES);
    const hint = nearest === null ? "" : `; did you mean "${nearest}"?`;
    const known = OPTION_NAMES.join(", ");
    throw invalidCall(`every option of a call must be one of ${known}, found "${name}"${hint}`);
  }
}

function headersOf(options: CallOptions, route: string): HttpHeaders {
  checkObject("options", options);
  checkNames(options);
  const { headers = {}, user, task, bypass = false } = options;
  if (task !== undefined && !TASK_PATTERN.test(task)) {
    const found = JSON.stringify(task);
    throw invalidCall(`task must be 1 to 64 of a–z, 0–9, "_" and "-", found ${found}`);
  }
  return {
    "anthropic-version": API_VERSION,
    ...callersHeaders(headers),
    "content-type": "application/json",
    "x-leadsman-route": route,
    ...(user !== undefined && { "x-leadsman-user": user }),
    ...(task !== undefined && { "x-leadsman-task": task }),
    ...(bypass && { "x-leadsman-bypass": "1" }),
  };
}

/** What describes a connection or an encoding is ours to say. */
function callersHeaders(headers: Readonly<Record<string, string>>): HttpHeaders {
  const lowered: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      // The value may be a secret, so only the name is told.
      throw invalidCall(`header ${JSON.stringify(name)} cannot be sent as it is`);
    }
    lowered[name.toLowerCase()] = value;
  }
  delete lowered["content-encoding"];
  return copyRequestHeaders(lowered, null);
}

function invalidCall(what: string): LeadsmanError {
  return new LeadsmanError("invalid_call", `Cannot make the call: ${what}`);
}
