/** What calls reject with when their caller gives up and names no reason, as `fetch` does. */
export function abortError(message: string, cause?: unknown): Error {
  return new DOMException(message, { name: "AbortError", cause });
}

/** The reason that a signal was aborted with; one that is no error is its cause. */
export function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : abortError("The call was aborted", reason);
}
