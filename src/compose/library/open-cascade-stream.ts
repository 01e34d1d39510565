import { invariant } from "../../support/invariant.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { abortError, reasonOf } from "./abort-error.ts";
import type { CallPlan, CascadeEngine, EngineCall } from "./cascade-engine.ts";
import type {
  CascadeStream,
  CascadeStreamEvent,
  CascadeStreamListeners,
} from "./cascade-stream.ts";
import { messageText, type CascadeMessage } from "./cascade.ts";
import type { Receipt } from "./receipt.ts";
import { createStreamListeners } from "./stream-listeners.ts";
import { createStreamQueue } from "./stream-queue.ts";
import { createStreamReading } from "./stream-reading.ts";

/** Starts a streamed call. Whatever goes wrong is told by the stream. */
export function openCascadeStream(engine: CascadeEngine, plan: CallPlan): RunningStream {
  const stream = new RunningStream(plan);
  void stream.run(engine);
  return stream;
}

/** A stream and the call behind it. */
export class RunningStream implements CascadeStream {
  readonly requestId: string;
  /** Resolves when the answer begins; rejects when there is none. */
  readonly opened: Promise<null>;
  readonly #plan: CallPlan;
  readonly #opened = Promise.withResolvers<null>();
  readonly #message = Promise.withResolvers<CascadeMessage>();
  readonly #receipt = Promise.withResolvers<Receipt>();
  readonly #queue = createStreamQueue(() => this.#call?.proceed());
  readonly #listeners = createStreamListeners((error) => {
    this.#onListenerError(error);
  });
  readonly #reading = createStreamReading({
    onOpen: () => {
      this.#opened.resolve(null);
    },
    onEvent: (event, bytes) => {
      this.#queue.push(event, bytes);
      this.#listeners.tellEvent(event);
    },
    onUnreadable: () => {
      this.#leave();
    },
    wantsMore: () => this.#takesAll || !this.#queue.isFull,
  });
  #call: EngineCall | null = null;
  #isLeaving = false;
  /** Nobody slows the answer down. */
  #takesAll = false;
  #isLooped = false;
  #isAwaited = false;
  /** The caller wanted it to end. */
  #isAborted = false;
  #isOver = false;
  #failure: Error | null = null;

  constructor(plan: CallPlan) {
    this.#plan = plan;
    this.requestId = plan.requestId;
    this.opened = this.#opened.promise;
    // A failure is for those who ask; see `on` for when nobody does.
    this.#opened.promise.catch(ignore);
    this.#message.promise.catch(ignore);
    this.#receipt.promise.catch(ignore);
  }

  /** Makes the call and follows it to its end. Never rejects. */
  async run(engine: CascadeEngine): Promise<void> {
    const { signal } = this.#plan.options;
    if (signal?.aborted === true) this.#onSignal();
    else signal?.addEventListener("abort", this.#onSignal, { once: true });
    try {
      // Whoever made the stream gets the time to listen before anything can go wrong.
      await Promise.resolve();
      if (this.#isOver) return;
      this.#call = await engine.begin(this.#plan, this.#reading);
      if (this.#isLeaving) this.#call.leave();
      else if (this.#takesAll) this.#call.proceed();
      const receipt = await this.#call.receipt;
      this.#conclude(receipt);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error("The call failed", { cause: error }));
    } finally {
      signal?.removeEventListener("abort", this.#onSignal);
      // Nothing was sent, else there would be a receipt by now.
      if (this.#failure !== null) this.#receipt.reject(this.#failure);
    }
  }

  finalMessage(): Promise<CascadeMessage> {
    this.#isAwaited = true;
    this.#takeAll();
    return this.#message.promise;
  }

  async finalText(): Promise<string> {
    return messageText(await this.finalMessage());
  }

  receipt(): Promise<Receipt> {
    this.#isAwaited = true;
    this.#takeAll();
    return this.#receipt.promise;
  }

  on<Name extends keyof CascadeStreamListeners>(
    name: Name,
    listener: CascadeStreamListeners[Name],
  ): this {
    this.#listeners.add(name, listener);
    if (name !== "error") this.#takeAll();
    return this;
  }

  abort(): void {
    this.#isAborted = true;
    this.#giveUp(abortError("The stream was aborted"));
  }

  [Symbol.asyncIterator](): AsyncIterator<CascadeStreamEvent> {
    if (this.#isLooped) {
      throw new LeadsmanError(
        "stream_consumed",
        "A stream can be looped over once; for its whole answer ask finalMessage()",
      );
    }
    this.#isLooped = true;
    return this.#loop();
  }

  async *#loop(): AsyncGenerator<CascadeStreamEvent, undefined> {
    try {
      for (;;) {
        const event = await this.#queue.next();
        if (event === undefined) return undefined;
        yield event;
      }
    } finally {
      // Left before the end: the rest is not wanted.
      this.abort();
    }
  }

  readonly #onSignal = (): void => {
    const { signal } = this.#plan.options;
    if (signal === undefined) return;
    this.#isAborted = true;
    this.#giveUp(reasonOf(signal));
  };

  #onListenerError(error: Error): void {
    if (this.#isOver || this.#reading.hasEnded) void Promise.reject(error);
    else this.#giveUp(error);
  }

  #takeAll(): void {
    this.#takesAll = true;
    this.#call?.proceed();
  }

  #leave(): void {
    this.#isLeaving = true;
    this.#call?.leave();
  }

  #giveUp(reason: Error): void {
    if (this.#isOver || this.#reading.hasEnded) return;
    this.#leave();
    this.#queue.drop();
    this.#fail(reason);
  }

  #conclude(receipt: Receipt | null): void {
    if (receipt !== null) this.#receipt.resolve(receipt);
    const outcome = this.#reading.outcome(this.requestId, receipt);
    if (outcome instanceof Error) {
      this.#fail(outcome);
      return;
    }
    invariant(receipt !== null, "an answer has a receipt");
    if (this.#isOver) return;
    this.#isOver = true;
    const message: CascadeMessage = { ...outcome, receipt };
    this.#message.resolve(message);
    this.#queue.end();
    this.#listeners.tellMessage(message);
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = error;
    this.#opened.reject(error);
    this.#message.reject(error);
    this.#queue.fail(error);
    const isListened = this.#listeners.tellError(error);
    const isHeard = isListened || this.#isAwaited || this.#isLooped || this.#isAborted;
    if (!isHeard && !this.#listeners.isEmpty) void Promise.reject(error);
  }
}

function ignore(): void {
  // Whoever asks for the promise gets the failure from it.
}
