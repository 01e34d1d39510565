import type { CliIo } from "./cli-io.ts";
import type { CliInput } from "./input.ts";

/** A terminal of the imagination that keeps what was printed: for tests, and to write pages. */
export interface FakeIo {
  readonly io: CliIo;
  /** What was printed as data, with line ends. */
  out(): string;
  /** What was printed as prose, with line ends. */
  notes(): string;
  /** As if the user had pressed Ctrl-C. */
  interrupt(): void;
}

export type FakeSurroundings = Partial<
  Omit<CliIo, "out" | "note" | "flush" | "stopSignal" | "openKeys" | "openLines">
> & {
  /** What is typed, key by key or line by line; both ways of reading take from it. */
  readonly input?: readonly string[];
};

export function createFakeIo({ input = [], ...surroundings }: FakeSurroundings = {}): FakeIo {
  const stop = new AbortController();
  const typed = [...input];
  const openInput = (): CliInput => ({
    next: async () => typed.shift() ?? null,
    close: () => undefined,
  });
  let out = "";
  let notes = "";
  return {
    io: {
      isInteractive: false,
      canAsk: false,
      hasColour: false,
      columns: 80,
      variables: {},
      workingDirectory: process.cwd(),
      ...surroundings,
      out: (text) => {
        out += `${text}\n`;
      },
      note: (text) => {
        notes += `${text}\n`;
      },
      flush: async () => true,
      openKeys: openInput,
      openLines: openInput,
      stopSignal: stop.signal,
    },
    out: () => out,
    notes: () => notes,
    interrupt: () => {
      stop.abort();
    },
  };
}
