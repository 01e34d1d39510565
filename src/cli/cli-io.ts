import type { CliInput } from "./input.ts";

/** Exit codes are a contract: scripts branch on them. */
export const EXIT = {
  ok: 0,
  failure: 1,
  /** Bad usage or bad configuration. */
  usage: 2,
  /** A guarantee is broken. */
  guaranteeBroken: 3,
  /** Not enough evidence for an answer. */
  notEnoughEvidence: 4,
  interrupted: 130,
} as const;

/** What a command may do to the world: print data, print words, look at the surroundings. */
export interface CliIo {
  /** Data, to standard output. A line end is added. */
  out(text: string): void;
  /** Progress and prose, to standard error. A line end is added. */
  note(text: string): void;
  /**
   * Resolves when standard output has taken what was printed, with false when nobody reads it any
   * more. For commands that print much: memory does not hold what the reader has not read, and
   * `stopSignal` gets its chance.
   */
  flush(): Promise<boolean>;
  /** Keys as they are pressed. Only where `canAsk`; to be closed, which gives the terminal back. */
  openKeys(): CliInput;
  /** Lines of standard input, whatever that is; to be closed. */
  openLines(): CliInput;
  /** Whether standard error is a terminal, so that progress may move. */
  readonly isInteractive: boolean;
  /** Whether somebody can answer: standard input and error are a terminal, and this is no CI. */
  readonly canAsk: boolean;
  /** Whether colours may be used (a terminal, and no NO_COLOR). */
  readonly hasColour: boolean;
  /** Columns of the terminal; 80 when it is none. */
  readonly columns: number;
  /** Environment variables, as the configuration room read them. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Aborted when the user interrupts or the system asks to stop. */
  readonly stopSignal: AbortSignal;
}
