import type { CliIo } from "./cli-io.ts";

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

export type FakeSurroundings = Partial<Omit<CliIo, "out" | "note" | "flush" | "stopSignal">>;

export function createFakeIo(surroundings: FakeSurroundings = {}): FakeIo {
  const stop = new AbortController();
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
      stopSignal: stop.signal,
    },
    out: () => out,
    notes: () => notes,
    interrupt: () => {
      stop.abort();
    },
  };
}
