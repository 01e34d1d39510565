import type { UpstreamFailure, UpstreamTimeouts } from "../provider.ts";

/** How far a call had come when undici reported an error. */
export interface CallProgress {
  /** Name and origin, for the message. */
  readonly upstream: string;
  readonly timeouts: UpstreamTimeouts;
  /** The request had been given to a connection. */
  readonly isConnected: boolean;
  /** Some of a response had arrived. */
  readonly hasResponse: boolean;
  /** The body can be sent a second time. */
  readonly isReplayable: boolean;
}

/**
 * Names an error of undici or of the socket. Only its code goes into the message, or for a request
 * that undici refuses to send, its text, which names the part but never a value.
 */
export function failureFrom(error: Error, progress: CallProgress): UpstreamFailure {
  const { upstream, timeouts } = progress;
  const code = codeOf(error);
  switch (code) {
    case "UND_ERR_HEADERS_TIMEOUT":
      return {
        code: "first_byte_timeout",
        message: `${upstream}: no response within ${String(timeouts.firstByteMs)} ms.`,
        isSafeToRetry: false,
      };
    case "UND_ERR_BODY_TIMEOUT":
      return {
        code: "idle_timeout",
        message: `${upstream}: the response stood still for ${String(timeouts.idleMs)} ms.`,
        isSafeToRetry: false,
      };
    case "UND_ERR_CONNECT_TIMEOUT":
      return {
        code: "connect_timeout",
        message: `${upstream}: no connection within ${String(timeouts.connectMs)} ms.`,
        isSafeToRetry: true,
      };
    case "UND_ERR_INVALID_ARG":
    case "UND_ERR_NOT_SUPPORTED":
      return {
        code: "connect_failed",
        message: `${upstream}: the request cannot be sent: ${error.message}.`,
        isSafeToRetry: false,
      };
    default:
      return progress.isConnected ? lost(code, progress) : notConnected(code, progress);
  }
}

function notConnected(code: string, { upstream }: CallProgress): UpstreamFailure {
  return {
    code: "connect_failed",
    message: `${upstream}: no connection (${code}).`,
    isSafeToRetry: true,
  };
}

function lost(code: string, progress: CallProgress): UpstreamFailure {
  const when = progress.hasResponse ? "inside the response" : "before the response";
  return {
    code: "connection_lost",
    message: `${progress.upstream}: the connection was lost ${when} (${code}).`,
    isSafeToRetry: !progress.hasResponse && progress.isReplayable,
  };
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
