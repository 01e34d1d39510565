import type { CascadeStreamEvent, CascadeStreamListeners } from "./cascade-stream.ts";
import type { CascadeMessage } from "./cascade.ts";

type Names = keyof CascadeStreamListeners;

/** Tells the listeners of one stream, in the order in which they came. */
export interface StreamListeners {
  readonly isEmpty: boolean;
  add<Name extends Names>(name: Name, listener: CascadeStreamListeners[Name]): void;
  tellEvent(event: CascadeStreamEvent): void;
  tellMessage(message: CascadeMessage): void;
  /** @returns whether anybody listens for errors */
  tellError(error: Error): boolean;
}

/** @param onThrown told when a listener throws; the rest are told all the same */
export function createStreamListeners(onThrown: (error: Error) => void): StreamListeners {
  const listeners: { readonly [Name in Names]: CascadeStreamListeners[Name][] } = {
    ...{ text: [], streamEvent: [], finalMessage: [], error: [], end: [] },
  };
  const texts = new Map<number, string>();
  const tellAll = <Listener>(
    listening: readonly Listener[],
    tell: (listener: Listener) => void,
  ): void => {
    for (const listener of listening) {
      try {
        tell(listener);
      } catch (error) {
        onThrown(error instanceof Error ? error : new Error("A listener threw", { cause: error }));
      }
    }
  };
  const tellEnd = (): void => {
    tellAll(listeners.end, (listener) => listener());
  };
  return {
    get isEmpty() {
      return Object.values(listeners).every((listening) => listening.length === 0);
    },
    add: (name, listener) => {
      listeners[name].push(listener);
    },
    tellEvent: (event) => {
      tellAll(listeners.streamEvent, (listener) => listener(event));
      if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") return;
      const { text: delta = "" } = event.delta;
      const snapshot = (texts.get(event.index) ?? "") + delta;
      texts.set(event.index, snapshot);
      tellAll(listeners.text, (listener) => listener(delta, snapshot));
    },
    tellMessage: (message) => {
      tellAll(listeners.finalMessage, (listener) => listener(message));
      tellEnd();
    },
    tellError: (error) => {
      tellAll(listeners.error, (listener) => listener(error));
      tellEnd();
      return listeners.error.length > 0;
    },
  };
}
