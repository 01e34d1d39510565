import { request as httpRequest, type IncomingHttpHeaders } from "node:http";

/** A response as it came, nothing retried and nothing hidden. */
export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The connection broke before the response's end. */
  readonly isCut: boolean;
}

export interface RawCall {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Called with each chunk; return true to leave at once. */
  readonly leaveOn?: (soFar: string) => boolean;
  /** Leave after this many milliseconds. */
  readonly leaveAfterMs?: number;
}

/** One call over a real socket. Resolves when the response has ended, broken or whole. */
export function call(url: string, options: RawCall = {}): Promise<RawResponse> {
  const { body } = options;
  const bytes =
    body === undefined
      ? null
      : Buffer.isBuffer(body)
        ? body
        : Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8");
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const request = httpRequest(
      url + (options.path ?? "/v1/messages"),
      {
        method: options.method ?? "POST",
        agent: false,
        headers: {
          "content-type": "application/json",
          "x-api-key": "test-key",
          "anthropic-version": "2023-06-01",
          ...(bytes === null ? {} : { "content-length": String(bytes.length) }),
          ...options.headers,
        },
      },
      (response) => {
        const finish = (isCut: boolean): void => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            isCut,
          });
        };
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          if (options.leaveOn?.(Buffer.concat(chunks).toString("utf8")) === true) request.destroy();
        });
        response.on("end", () => {
          finish(false);
        });
        response.on("error", () => {
          finish(true);
        });
      },
    );
    request.on("error", (error) => {
      if (options.leaveAfterMs === undefined && options.leaveOn === undefined) reject(error);
      else resolve({ status: 0, headers: {}, body: Buffer.concat(chunks), isCut: true });
    });
    if (options.leaveAfterMs !== undefined) {
      setTimeout(() => {
        request.destroy();
      }, options.leaveAfterMs);
    }
    request.end(bytes ?? undefined);
  });
}

/** A small request that every route of the tests accepts. */
export function ask(prompt: string, isStreaming = false): Record<string, unknown> {
  return {
    model: "claude-opus-4-7",
    max_tokens: 512,
    messages: [{ role: "user", content: prompt }],
    ...(isStreaming ? { stream: true } : {}),
  };
}

/** What a client gets to read, streamed or not. */
export interface ReadAnswer {
  readonly text: string;
  readonly stopReason: string | null;
  /** Type of the error that ended it; null when it ended well. */
  readonly error: string | null;
}

/** Reads an answer as an SDK would. */
export function readAnswer(response: RawResponse): ReadAnswer {
  const type = response.headers["content-type"] ?? "";
  const body = response.body.toString("utf8");
  return type.startsWith("text/event-stream") ? readStream(body) : readWhole(body);
}

interface WireEvent {
  readonly type: string;
  readonly delta?: { readonly text?: string; readonly stop_reason?: string };
  readonly error?: { readonly type: string };
  readonly content?: readonly { readonly text?: string }[];
  readonly stop_reason?: string;
}

function readWhole(body: string): ReadAnswer {
  const message = JSON.parse(body) as WireEvent;
  const text = (message.content ?? []).map((block) => block.text ?? "").join("");
  return { text, stopReason: message.stop_reason ?? null, error: message.error?.type ?? null };
}

function readStream(body: string): ReadAnswer {
  let text = "";
  let stopReason: string | null = null;
  let error: string | null = "no_end";
  for (const line of body.split("\n")) {
    if (!line.startsWith("data:")) continue;
    const event = JSON.parse(line.slice(5)) as WireEvent;
    text += event.delta?.text ?? "";
    stopReason = event.delta?.stop_reason ?? stopReason;
    if (event.type === "message_stop") error = null;
    if (event.type === "error") error = event.error?.type ?? "error";
  }
  return { text, stopReason, error };
}
