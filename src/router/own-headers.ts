import type { HttpHeaders } from "../providers/provider.ts";

/** What the client tells us, and us alone, in headers. */
export interface OwnHeaders {
  readonly route: string | null;
  /** Kind of work; null when absent or malformed. */
  readonly task: string | null;
  readonly user: string | null;
  readonly isBypassAsked: boolean;
  /** How often the client's SDK has tried before; 0 on the first try. */
  readonly retryCount: number;
  /** The API version the body was written for; null when the client named none. */
  readonly apiVersion: string | null;
}

const TASK_PATTERN = /^[a-z0-9_-]{1,64}$/;

export function readOwnHeaders(headers: HttpHeaders): OwnHeaders {
  const task = text(headers["x-leadsman-task"]);
  const retryCount = Number(text(headers["x-stainless-retry-count"]) ?? "0");
  return {
    route: text(headers["x-leadsman-route"]),
    task: task !== null && TASK_PATTERN.test(task) ? task : null,
    user: text(headers["x-leadsman-user"]),
    isBypassAsked: text(headers["x-leadsman-bypass"]) === "1",
    retryCount: Number.isSafeInteger(retryCount) && retryCount > 0 ? retryCount : 0,
    apiVersion: text(headers["anthropic-version"]),
  };
}

function text(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null;
  const first = typeof value === "string" ? value : value[0];
  return first === undefined || first === "" ? null : first;
}
