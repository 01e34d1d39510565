import type { Server } from "node:http";
import { Server as SocketServer } from "node:net";
import { sleep } from "../support/sleep.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { DRAINING_ERROR } from "./own-errors.ts";

/** How long the router may take to book requests that were cut, and sockets to flush. */
const CUT_GRACE_MS = 5_000;

/** What became of the requests that were in flight when the drain began. */
export interface DrainCounts {
  readonly finished: number;
  readonly cut: number;
}

/**
 * Stops listening, waits for what is in flight until the signal is aborted, and cuts the rest. New
 * requests on connections that are still open get 529 meanwhile. Everything is closed afterwards.
 */
export async function drainGateway(
  server: Server,
  context: GatewayContext,
  signal: AbortSignal,
): Promise<DrainCounts> {
  const { inFlight, counters } = context;
  counters.isDraining = true;
  const closed = new Promise<void>((resolve) => {
    // The HTTP server's own `close` would cut answers that have ended but are still being sent.
    SocketServer.prototype.close.call(server, () => {
      resolve();
    });
  });
  const begun = inFlight.requests;
  for (const sink of inFlight.sinks()) sink.closeAfterwards();

  await Promise.race([inFlight.whenEmpty(), whenAborted(signal)]);
  const cut = cutAll(context);
  await withinGrace(inFlight.whenEmpty());
  // Also closes the connections that are idle now.
  server.close();
  await withinGrace(closed);
  server.closeAllConnections();
  return { finished: begun - cut, cut };
}

/** Cuts what has not been answered; an answer that only waits for its record is finished. */
function cutAll({ inFlight }: GatewayContext): number {
  let cut = 0;
  for (const sink of inFlight.sinks()) {
    if (sink.isOver) continue;
    sink.cut(DRAINING_ERROR);
    cut += 1;
  }
  return cut;
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        "abort",
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

async function withinGrace(work: Promise<void>): Promise<void> {
  const timeUp = new AbortController();
  await Promise.race([work, sleep(CUT_GRACE_MS, timeUp.signal)]);
  timeUp.abort();
}
