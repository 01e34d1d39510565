import { openRawClient, rawRequest } from "./raw-client.ts";
import type { ServerProcess } from "./server-process.ts";

export interface Load {
  readonly isStreaming: boolean;
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly durationMs: number;
}

export interface LoadResult {
  /** CPU of the server, all threads, per request. */
  readonly cpuUsPerRequest: number;
  readonly requestsPerSecond: number;
}

/** Every connection sends its next request when its last one is answered. */
export async function closedLoop(server: ServerProcess, load: Load): Promise<LoadResult> {
  const request = rawRequest({
    isStreaming: load.isStreaming,
    ...(load.model === undefined ? {} : { model: load.model }),
    headers: { host: `127.0.0.1:${String(server.port)}`, ...load.headers },
  });
  const clients = await Promise.all(
    Array.from({ length: load.connections }, () => openRawClient(server.port)),
  );
  const before = await server.usage();
  const startedMs = performance.now();
  let requests = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() - startedMs < load.durationMs) {
        await client.send(request);
        requests += 1;
      }
    }),
  );
  const elapsedMs = performance.now() - startedMs;
  const after = await server.usage();
  for (const client of clients) client.close();
  return {
    cpuUsPerRequest: (after.cpuUs - before.cpuUs) / requests,
    requestsPerSecond: (requests / elapsedMs) * 1_000,
  };
}
