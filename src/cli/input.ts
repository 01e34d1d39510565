import { emitKeypressEvents } from "node:readline";
import { createInterface } from "node:readline/promises";
import type { ReadStream } from "node:tty";

/** What somebody types, piece by piece. */
export interface CliInput {
  /** The next piece; null when there is no more, or somebody has interrupted. */
  next(): Promise<string | null>;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Ctrl-C as a key; in this mode the terminal sends no signal for it. */
export const INTERRUPT_KEY = "\u0003";

interface Keypress {
  readonly sequence?: string;
  readonly name?: string;
}

/**
 * Keys of a terminal, each as soon as it is pressed: the character, or `return`, `backspace`,
 * `escape` and so on by name.
 */
export function openKeys(input: ReadStream, stopSignal: AbortSignal): CliInput {
  const pieces = createPieces(stopSignal);
  const onKey = (character: string | undefined, key: Keypress): void => {
    const isPrintable = character !== undefined && !/[\p{Cc}]/u.test(character);
    const piece = isPrintable || key.sequence === INTERRUPT_KEY ? character : key.name;
    if (piece !== undefined) pieces.add(piece);
  };
  const onEnd = (): void => {
    pieces.end();
  };
  emitKeypressEvents(input);
  input.setRawMode(true).on("keypress", onKey).on("end", onEnd).resume();
  return {
    next: pieces.next,
    close: () => {
      pieces.end();
      input.off("keypress", onKey).off("end", onEnd).setRawMode(false).pause();
    },
  };
}

/** Lines without their ends, from a pipe, a file or a terminal. */
export function openLines(input: NodeJS.ReadableStream, stopSignal: AbortSignal): CliInput {
  const pieces = createPieces(stopSignal);
  const lines = createInterface({ input });
  lines.on("line", pieces.add).on("close", pieces.end);
  return {
    next: pieces.next,
    close: () => {
      pieces.end();
      lines.close();
    },
  };
}

interface Pieces extends Pick<CliInput, "next"> {
  readonly add: (piece: string) => void;
  readonly end: () => void;
}

function createPieces(stopSignal: AbortSignal): Pieces {
  const waiting: string[] = [];
  let isOver = stopSignal.aborted;
  let wake: (() => void) | null = null;
  const end = (): void => {
    isOver = true;
    stopSignal.removeEventListener("abort", interrupt);
    wake?.();
  };
  const interrupt = (): void => {
    waiting.length = 0;
    end();
  };
  stopSignal.addEventListener("abort", interrupt, { once: true });
  return {
    add: (piece) => {
      if (isOver) return;
      waiting.push(piece);
      wake?.();
    },
    end,
    next: async () => {
      while (waiting.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      return waiting.shift() ?? null;
    },
  };
}
