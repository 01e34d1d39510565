import { request as httpRequest } from "node:http";
import type { Agent, ClientRequest, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";

export interface TestCall {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly agent?: Agent;
  /** Chunks are sent one by one without a `content-length`. */
  readonly body?: string | Uint8Array | readonly Uint8Array[];
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Calls a gateway with Node's own client and waits for the whole answer. */
export function call(port: number, path: string, options: TestCall = {}): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const { method = options.body === undefined ? "GET" : "POST", headers, agent, body } = options;
    const outgoing: ClientRequest = httpRequest(
      { host: "127.0.0.1", port, path, method, headers, agent: agent ?? false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    outgoing.on("error", reject);
    if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array)) {
      for (const chunk of body) outgoing.write(chunk);
      outgoing.end();
    } else outgoing.end(body);
  });
}

/** A connection on which a test says exactly what it wants. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that has come so far. */
  text(): string;
  /** Resolves when what has come fits. */
  seen(pattern: RegExp): Promise<string>;
  /** Resolves with all that came, when the other side has closed or reset. */
  closed(): Promise<string>;
}

export function openRaw(port: number, firstBytes = ""): RawConnection {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: false });
  let text = "";
  let isClosed = false;
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
    changed();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isClosed = true;
    changed();
  });
  socket.write(firstBytes);
  const when = (isDone: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        if (!isDone() && !isClosed) return;
        watchers.delete(watcher);
        if (isDone()) resolve(text);
        else reject(new Error(`The connection closed after: ${text}`));
      };
      watchers.add(watcher);
      watcher();
    });
  return {
    socket,
    text: () => text,
    seen: (pattern) => when(() => pattern.test(text)),
    closed: () => when(() => isClosed),
  };
}

/** A valid message call of little size. */
export const HELLO: string = JSON.stringify({
  model: "claude-opus-4-7",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
});

/** A raw request with a matching `Host` and `content-length`. */
export function rawPost(port: number, path: string, body: string, headers = ""): string {
  return (
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${String(port)}\r\n` +
    `content-length: ${String(Buffer.byteLength(body))}\r\n${headers}\r\n${body}`
  );
}
