import { createServer, type IncomingHttpHeaders } from "node:http";
import { sleep } from "../support/sleep.ts";

/** What a receiver of alerts was sent. */
export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of alerts on loopback. */
export interface Receiver {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  /** Status of the next answers, by path; null = no answer at all. Default 200. */
  answerWith(path: string, status: number | null): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const posts: ReceivedPost[] = [];
  const statuses = new Map<string, number | null>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      posts.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = statuses.get(path) ?? (statuses.has(path) ? null : 200);
      if (status === null) return;
      response.writeHead(status);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    answerWith: (path, status) => void statuses.set(path, status),
    close: async () => {
      server.closeAllConnections();
      server.close();
      // Sockets end on the next turn.
      await sleep(0);
    },
  };
}
