import { createServer } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { invariant } from "../../support/invariant.ts";
import type { HttpHeaders } from "../provider.ts";
import { createCallLog } from "./call-log.ts";
import type { CallLog, RecordedCall } from "./call-log.ts";
import type { ExchangeStep } from "./exchange-step.ts";
import { playExchange } from "./play-exchange.ts";
import { simulateExchange } from "./simulated-exchange.ts";
import { simulationFrom } from "./simulation-options.ts";
import type { Simulation, SimulationOptions } from "./simulation-options.ts";

export interface SimulatedServerOptions extends SimulationOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface SimulatedServer {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The latest requests, oldest first. */
  calls(): readonly RecordedCall[];
  /** Stops at once; open connections are cut. */
  close(): Promise<void>;
}

/** A Messages API behind a port: the simulation as another process would meet it. */
export async function startSimulatedServer(
  options: SimulatedServerOptions,
): Promise<SimulatedServer> {
  const simulation = simulationFrom(options);
  const log = createCallLog(simulation.recordedCalls);
  const host = options.host ?? "127.0.0.1";
  const server = createServer({ noDelay: true }, (request, response) => {
    answer(request, response, simulation, log);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  invariant(isAddressInfo(address), "a listening server has an address with a port");
  const shownHost = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${String(address.port)}`,
    port: address.port,
    calls: log.calls,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  simulation: Simulation,
  log: CallLog,
): void {
  const chunks: Uint8Array[] = [];
  request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  request.on("end", () => {
    const read = {
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    const { clock } = simulation.playback;
    const moment = { index: log.count, nowMs: clock.nowMs(), batches: simulation.batches };
    const exchange = simulateExchange(simulation.exchange, read, moment);
    const record = log.begin(read, exchange, clock.nowMs());
    const playback = playExchange(
      exchange.steps,
      (step) => {
        if (step.kind === "die" || step.kind === "connect_refused") {
          record.end(false, clock.nowMs());
        }
        if (!takeStep(step, response)) playback.pause();
      },
      simulation.playback,
    );
    response.on("drain", playback.resume);
    response.on("close", () => {
      playback.stop();
      record.end(!response.writableFinished, clock.nowMs());
    });
  });
}

/** @returns false when the client reads more slowly than we write */
function takeStep(step: ExchangeStep, response: ServerResponse): boolean {
  switch (step.kind) {
    case "head":
      response.writeHead(step.status, writableHeaders(step.headers));
      response.flushHeaders();
      return true;
    case "bytes":
      return response.write(step.bytes);
    case "end":
      response.end();
      return true;
    case "die":
    case "connect_refused":
      // Softly: what was written before must still arrive.
      response.socket?.destroySoon();
      return true;
    case "hang":
    case "connect_hang":
      return true;
  }
}

function writableHeaders(headers: HttpHeaders): OutgoingHttpHeaders {
  const writable: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) writable[name] = typeof value === "string" ? value : [...value];
  }
  return writable;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
