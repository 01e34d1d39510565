import type {
  UpstreamCall,
  UpstreamFailure,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTimeouts,
} from "../provider.ts";
import type { CallLog, OpenRecord } from "./call-log.ts";
import type { ExchangeStep } from "./exchange-step.ts";
import { playExchange } from "./play-exchange.ts";
import type { Playback } from "./play-exchange.ts";
import { simulateExchange } from "./simulated-exchange.ts";
import type { Simulation } from "./simulation-options.ts";

export interface SimulatedProviderCallParts {
  /** The provider's name, for messages. */
  readonly name: string;
  readonly request: UpstreamRequest;
  readonly sink: UpstreamSink;
  readonly simulation: Simulation;
  readonly log: CallLog;
  readonly onOver: () => void;
}

/** What the call waits for; each has its own limit. */
type Awaited = "connection" | "first_byte" | "chunk";

/** One call to the simulation in this process, with the limits a network call has. */
export class SimulatedProviderCall implements UpstreamCall {
  readonly #parts: SimulatedProviderCallParts;
  #playback: Playback | null = null;
  #record: OpenRecord | null = null;
  #awaited: Awaited = "first_byte";
  #waitTimer: NodeJS.Timeout | undefined;
  readonly #totalTimer: NodeJS.Timeout;
  #isPaused = false;
  #isOver = false;

  constructor(parts: SimulatedProviderCallParts) {
    this.#parts = parts;
    this.#totalTimer = setTimeout(() => {
      this.#fail("total_timeout", "the call took too long", false);
    }, parts.request.timeouts.totalMs);
  }

  begin(isProviderClosed: boolean): void {
    if (isProviderClosed) {
      queueMicrotask(() => {
        this.#fail("connect_failed", "the provider is closed", true);
      });
      return;
    }
    void this.#start();
  }

  abort(): void {
    this.#end(true);
  }

  pause(): void {
    this.#isPaused = true;
    this.#playback?.pause();
  }

  resume(): void {
    if (!this.#isPaused || this.#isOver) return;
    this.#isPaused = false;
    if (this.#awaited === "chunk") this.#await("chunk");
    this.#playback?.resume();
  }

  async #start(): Promise<void> {
    const { request, simulation, log } = this.#parts;
    const body = await wholeBody(request.body);
    if (this.#isOver) return;
    const read = { method: request.method, path: request.path, headers: request.headers, body };
    const nowMs = simulation.playback.clock.nowMs();
    const moment = { index: log.count, nowMs, batches: simulation.batches };
    const exchange = simulateExchange(simulation.exchange, read, moment);
    this.#record = log.begin(read, exchange, nowMs);
    this.#await(exchange.steps[0]?.kind === "connect_hang" ? "connection" : "first_byte");
    this.#playback = playExchange(exchange.steps, this.#take, simulation.playback);
    if (this.#isPaused) this.#playback.pause();
  }

  readonly #take = (step: ExchangeStep): void => {
    const { sink } = this.#parts;
    switch (step.kind) {
      case "head":
        this.#await("chunk");
        sink.onHead({ status: step.status, headers: step.headers });
        return;
      case "bytes":
        this.#await("chunk");
        sink.onChunk(step.bytes);
        return;
      case "end":
        this.#end(false);
        sink.onEnd();
        return;
      case "die":
        this.#fail("connection_lost", "the connection was lost", this.#awaited === "first_byte");
        return;
      case "connect_refused":
        this.#fail("connect_failed", "the connection was refused", true);
        return;
      case "hang":
      case "connect_hang":
        return;
    }
  };

  #await(awaited: Awaited): void {
    this.#awaited = awaited;
    clearTimeout(this.#waitTimer);
    const { connectMs, firstByteMs, idleMs } = this.#parts.request.timeouts;
    const limits = { connection: connectMs, first_byte: firstByteMs, chunk: idleMs };
    this.#waitTimer = setTimeout(() => {
      this.#timedOut();
    }, limits[awaited]);
  }

  #timedOut(): void {
    switch (this.#awaited) {
      case "connection":
        this.#fail("connect_timeout", "no connection in time", true);
        return;
      case "first_byte":
        this.#fail("first_byte_timeout", "no response in time", false);
        return;
      case "chunk":
        if (!this.#isPaused) this.#fail("idle_timeout", "the response stood still", false);
        return;
    }
  }

  #fail(code: UpstreamFailure["code"], what: string, isSafeToRetry: boolean): void {
    if (this.#isOver) return;
    this.#end(code.endsWith("_timeout"));
    const limits = limitText(this.#parts.request.timeouts, code);
    const message = `${this.#parts.name} (simulated): ${what}${limits}.`;
    this.#parts.sink.onFailure({ code, message, isSafeToRetry });
  }

  #end(isAborted: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#waitTimer);
    this.#playback?.stop();
    this.#record?.end(isAborted, this.#parts.simulation.playback.clock.nowMs());
    this.#parts.onOver();
  }
}

function limitText(timeouts: UpstreamTimeouts, code: UpstreamFailure["code"]): string {
  switch (code) {
    case "connect_timeout":
      return ` (limit ${String(timeouts.connectMs)} ms)`;
    case "first_byte_timeout":
      return ` (limit ${String(timeouts.firstByteMs)} ms)`;
    case "idle_timeout":
      return ` (limit ${String(timeouts.idleMs)} ms)`;
    case "total_timeout":
      return ` (limit ${String(timeouts.totalMs)} ms)`;
    default:
      return "";
  }
}

async function wholeBody(body: UpstreamRequest["body"]): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
