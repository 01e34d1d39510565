import type { IncomingMessage, ServerResponse } from "node:http";
import { validateHeaderName, validateHeaderValue } from "node:http";
import { errorEnvelope } from "../messages/error-envelope.ts";
import type { HttpHeaders } from "../providers/provider.ts";
import type { ClientSink } from "../router/router.ts";
import { copyResponseHeaders } from "./copy-headers.ts";
import { sendError } from "./own-answer.ts";
import type { OwnError } from "./own-answer.ts";

/** The way back to one client, as the gateway itself sees it. */
export interface GatewaySink extends ClientSink {
  /** True after `end`, `destroy`, `cut`, or the client's leaving: nothing more can be sent. */
  readonly isOver: boolean;
  /** Lets the connection end with this response, unless its head has already said otherwise. */
  closeAfterwards(): void;
  /** Calls once when the last byte was handed to the system, or the connection is no more. */
  onClosed(callback: () => void): void;
  /**
   * Gives an unfinished answer up: with a complete error where the client can still be told, else
   * by breaking the connection. The router hears of it as of a client that has left.
   */
  cut(error: OwnError): void;
}

/**
 * A sink over Node's response. Listeners are few and shared by all calls, since one of these is
 * made for every request.
 */
export class ResponseSink implements GatewaySink {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #requestId: string;
  #isOver = false;
  #isGone = false;
  /** Bytes still owed under the declared `content-length`; null when there is none. */
  #bytesOwed: number | null = null;
  #isEventStream = false;
  #onGone: (() => void) | null = null;
  #onDrain: (() => void) | null = null;
  #isClosed = false;
  #onClosed: (() => void) | null = null;

  constructor(request: IncomingMessage, response: ServerResponse, requestId: string) {
    this.#request = request;
    this.#response = response;
    this.#requestId = requestId;
    const onClose = (): void => {
      this.#close();
    };
    response.on("close", onClose);
    // A pipelined request gets its socket later; before Node 24 it hears nothing of its end till then.
    if (response.socket === null) request.socket.once("close", onClose);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Headers of event streams leave at once, all others with the first chunk. */
  open(status: number, headers: HttpHeaders): void {
    if (this.#isOver) return;
    const response = this.#response;
    const head = copyResponseHeaders(headers);
    try {
      response.writeHead(status, head);
    } catch {
      // An upstream's header that cannot be sent again is worth less than the answer.
      response.writeHead(status, withoutInvalid(head));
    }
    this.#bytesOwed = bytesOwed(this.#request, status, head["content-length"]);
    const contentType = head["content-type"];
    this.#isEventStream =
      typeof contentType === "string" && contentType.startsWith("text/event-stream");
    if (this.#isEventStream) flushHead(response);
  }

  write(chunk: Uint8Array): boolean {
    if (this.#isOver) return true;
    if (this.#bytesOwed !== null) {
      this.#bytesOwed -= chunk.byteLength;
      // More than declared would be read as the beginning of the next response.
      if (this.#bytesOwed < 0) {
        this.destroy();
        return true;
      }
    }
    return this.#response.write(chunk);
  }

  /** The latest callback is kept and called on every drain. */
  onDrain(callback: () => void): void {
    if (this.#isOver) return;
    if (this.#onDrain === null) this.#response.on("drain", () => this.#onDrain?.());
    this.#onDrain = callback;
  }

  end(): void {
    if (this.#isOver) return;
    if (this.#bytesOwed !== null && this.#bytesOwed > 0) {
      this.destroy();
      return;
    }
    this.#isOver = true;
    this.#response.end();
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const response = this.#response;
    const isEndedByClosing =
      response.headersSent && !response.chunkedEncoding && this.#bytesOwed === null;
    // An HTTP/1.0 client takes a plain close for the end of the body.
    if (isEndedByClosing) response.socket?.resetAndDestroy();
    response.destroy();
  }

  onClientGone(callback: () => void): void {
    if (this.#isGone) callback();
    else this.#onGone = callback;
  }

  closeAfterwards(): void {
    this.#response.shouldKeepAlive = false;
  }

  cut(error: OwnError): void {
    if (this.#isOver) return;
    const response = this.#response;
    this.closeAfterwards();
    if (!response.headersSent) {
      sendError(this.#request, response, this.#requestId, error);
    } else if (this.#isEventStream) {
      const envelope = errorEnvelope({ type: error.type, message: error.message }, this.#requestId);
      // The blank line ends an event of which only a part may have gone out.
      response.end(`\n\nevent: error\ndata: ${envelope}\n\n`);
    } else {
      this.destroy();
    }
    this.#leave();
  }

  onClosed(callback: () => void): void {
    if (this.#isClosed) callback();
    else this.#onClosed = callback;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isOver) this.#leave();
    this.#onClosed?.();
  }

  #leave(): void {
    this.#isOver = true;
    this.#isGone = true;
    this.#onGone?.();
  }
}

/** Sends the head now, but in one packet with what is written in the same turn. */
function flushHead(response: ServerResponse): void {
  const socket = response.socket;
  if (socket === null) {
    response.flushHeaders();
    return;
  }
  socket.cork();
  response.flushHeaders();
  process.nextTick(() => {
    socket.uncork();
  });
}

function bytesOwed(
  request: IncomingMessage,
  status: number,
  declared: string | readonly string[] | undefined,
): number | null {
  const isWithoutBody = request.method === "HEAD" || status === 204 || status === 304;
  return typeof declared === "string" && !isWithoutBody ? Number(declared) : null;
}

function withoutInvalid(
  head: Readonly<Record<string, string | string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(head).filter(([name, value]) => {
      const values = typeof value === "string" ? [value] : value;
      try {
        validateHeaderName(name);
        for (const each of values) validateHeaderValue(name, each);
        return true;
      } catch {
        return false;
      }
    }),
  );
}
