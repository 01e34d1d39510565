import { connect, type Socket } from "node:net";

/**
 * One keep-alive connection that does as little as can be: sends ready-made bytes and finds the end
 * of the response. The load must cost less than what it measures.
 */
export interface RawClient {
  /** Resolves with the milliseconds from sending to the response's last byte. */
  send(request: Buffer): Promise<number>;
  close(): void;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

export function openRawClient(port: number, onChunk?: (chunk: Buffer) => void): Promise<RawClient> {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let sentMs = 0;
  let head: Buffer | null = null;
  let missingBytes = 0;
  let isChunked = false;
  let tail = Buffer.alloc(0);
  let finish: ((ms: number) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;

  function end(): void {
    const done = finish;
    finish = null;
    head = null;
    tail = Buffer.alloc(0);
    done?.(performance.now() - sentMs);
  }
  socket.on("data", (chunk: Buffer) => {
    onChunk?.(chunk);
    let rest = chunk;
    if (head === null || missingBytes === -1) {
      head = head === null ? chunk : Buffer.concat([head, chunk]);
      const at = head.indexOf(HEAD_END);
      missingBytes = -1;
      if (at < 0) return;
      const text = head.toString("latin1", 0, at).toLowerCase();
      if (!text.startsWith("http/1.1 200")) fail?.(new Error(text.split("\r\n", 1)[0]));
      isChunked = text.includes("transfer-encoding: chunked");
      const length = /content-length: (\d+)/.exec(text);
      rest = head.subarray(at + 4);
      missingBytes = length === null ? 0 : Number(length[1]);
    }
    if (isChunked) {
      tail = Buffer.concat([tail, rest]).subarray(-5);
      if (tail.equals(LAST_CHUNK)) end();
      return;
    }
    missingBytes -= rest.length;
    if (missingBytes <= 0) end();
  });
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      reject(error);
      fail?.(error);
    });
    socket.once("connect", () => {
      resolve({
        send: (request) =>
          new Promise((done, failed) => {
            finish = done;
            fail = failed;
            sentMs = performance.now();
            socket.write(request);
          }),
        close: () => socket.destroy(),
      });
    });
  });
}

/** A request of about 2 KB, ready for the wire. */
export function rawRequest(options: {
  readonly isStreaming: boolean;
  /** Default `claude-opus-4-7`. */
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
}): Buffer {
  const body = JSON.stringify({
    model: options.model ?? "claude-opus-4-7",
    max_tokens: 1024,
    ...(options.isStreaming ? { stream: true } : {}),
    system: "You answer questions of customers. ".repeat(24),
    messages: [
      { role: "user", content: "My parcel has not come. ".repeat(18) },
      { role: "assistant", content: "I am sorry to hear that. Which number has it?" },
      {
        role: "user",
        content: "It is AB-1234, and it should have been here on Monday. ".repeat(8),
      },
    ],
  });
  const headers = {
    host: "127.0.0.1",
    "content-type": "application/json",
    "x-api-key": "bench",
    "anthropic-version": "2023-06-01",
    "content-length": String(Buffer.byteLength(body)),
    ...options.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`POST /v1/messages HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}
