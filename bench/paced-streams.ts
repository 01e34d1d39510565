import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest } from "./raw-client.ts";
import { quantile } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

const PACE_MS = 20;

export interface PacedScenario {
  readonly streams: number;
  readonly eventsPerStream: number;
}

export interface PacedResult {
  /** 99.9th percentile of the silence between two frames, beyond the pace. */
  readonly stallMs: number;
  readonly rssBytes: number;
}

/** Many streams at once, each an event every 20 ms: how long a frame is held up, and the memory. */
export async function pacedStreams(
  server: ServerProcess,
  scenario: PacedScenario,
): Promise<PacedResult> {
  const request = rawRequest({
    isStreaming: true,
    headers: {
      host: `127.0.0.1:${String(server.port)}`,
      "x-bench-pace-ms": String(PACE_MS),
      "x-bench-events": String(scenario.eventsPerStream),
    },
  });
  const gapsMs: number[] = [];
  const openStream = async (index: number): Promise<void> => {
    let lastMs: number | null = null;
    const client = await openRawClient(server.port, () => {
      const now = performance.now();
      if (lastMs !== null) gapsMs.push(now - lastMs);
      lastMs = now;
    });
    // Spread over one pace, so that frames do not all come at one moment.
    await new Promise((resolve) => setTimeout(resolve, (index % PACE_MS) + index / 4));
    await client.send(request);
    client.close();
  };
  const all = Promise.all(
    Array.from({ length: scenario.streams }, (_, index) => openStream(index)),
  );
  await new Promise((resolve) => setTimeout(resolve, (scenario.eventsPerStream * PACE_MS) / 2));
  const { rssBytes } = await server.usage();
  await all;
  return { stallMs: quantile(gapsMs, 0.999) - PACE_MS, rssBytes };
}

/** Both servers in turns; figures are differences. */
export async function comparePacedStreams(
  floor: ServerProcess,
  ours: ServerProcess,
  scenario: PacedScenario,
): Promise<readonly Figure[]> {
  await pacedStreams(floor, scenario);
  const one = await pacedStreams(floor, scenario);
  await pacedStreams(ours, scenario);
  const other = await pacedStreams(ours, scenario);
  const mebibytes = (bytes: number): number => bytes / 1024 / 1024;
  const shared = { noise: 0 };
  return [
    {
      ...shared,
      name: `${String(scenario.streams)} paced streams: added stall (p99.9)`,
      value: other.stallMs - one.stallMs,
      limit: 20,
      unit: "ms",
      detail: `floor ${one.stallMs.toFixed(1)} ms, ours ${other.stallMs.toFixed(1)} ms beyond the pace of 20 ms`,
    },
    {
      ...shared,
      name: `${String(scenario.streams)} paced streams: added memory`,
      value: mebibytes(other.rssBytes - one.rssBytes),
      limit: 100,
      unit: "MiB",
      detail: `resident: floor ${mebibytes(one.rssBytes).toFixed(0)} MiB, ours ${mebibytes(other.rssBytes).toFixed(0)} MiB`,
    },
  ];
}
