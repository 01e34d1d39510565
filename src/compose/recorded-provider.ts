import type { BatchAnswer } from "../datasets/replay/batch/batch-asker.ts";
import { streamOfMessage } from "../messages/stream-of-message.ts";
import type { Provider, UpstreamHead } from "../providers/provider.ts";

/**
 * A provider that gives an answer which has come already, so that what is made of it is what would
 * have been made of it as the answer of a call.
 */
export function recordedProvider(
  { name, isSimulated }: Pick<Provider, "name" | "isSimulated">,
  answer: Exclude<BatchAnswer, { kind: "none" }>,
): Provider {
  const { head, text } = responseOf(answer);
  return {
    name,
    isSimulated,
    close: () => Promise.resolve(),
    send: (_request, sink) => {
      let isOver = false;
      queueMicrotask(() => {
        if (isOver) return;
        sink.onHead(head);
        sink.onChunk(Buffer.from(text));
        // Whoever has read enough has closed the call.
        if (!isOver) sink.onEnd();
      });
      return {
        abort: () => {
          isOver = true;
        },
        pause: () => undefined,
        resume: () => undefined,
      };
    },
  };
}

function responseOf(answer: Exclude<BatchAnswer, { kind: "none" }>): {
  readonly head: UpstreamHead;
  readonly text: string;
} {
  if (answer.kind === "message") {
    const headers = { "content-type": "text/event-stream" };
    return { head: { status: 200, headers }, text: streamOfMessage(answer.message) };
  }
  const { error } = answer;
  const status = STATUS_OF_ERROR[error.type] ?? 500;
  const text = JSON.stringify({ type: "error", error });
  return { head: { status, headers: { "content-type": "application/json" } }, text };
}

/** What the API answers a single call with where it would give an error of this type. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};
