import { setImmediate } from "node:timers/promises";
import { isatty, type WriteStream } from "node:tty";
import { readEnvironment } from "../config/environment.ts";
import { systemClock } from "../support/clock.ts";
import { EXIT, type CliIo } from "./cli-io.ts";
import { openKeys, openLines } from "./input.ts";

/** The process's own terminal, from the outside world to `CliIo`. */
export interface Terminal {
  readonly io: CliIo;
  /** Resolves when standard output has taken everything, with false when it could not. */
  isOutputWhole(): Promise<boolean>;
  /** Takes signals no longer. */
  close(): void;
}

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One press of Ctrl-C can arrive twice: from the terminal and from a wrapper such as npx. */
const ECHO_MS = 300;

/** Numbers that the system gives to a process's streams. */
const STANDARD_INPUT = 0;
const STANDARD_ERROR = 2;

const DEFAULT_COLUMNS = 80;

/** Opens the real terminal. The first signal asks to stop; a later one ends the process at once. */
export function openTerminal(): Terminal {
  const environment = readEnvironment();
  const stop = new AbortController();
  // Words that cannot be written are dropped: a full disk under its log must end no gateway.
  const prose = openStream(process.stderr, () => undefined);
  let isOutputWhole = true;
  const output = openStream(process.stdout, (error) => {
    isOutputWhole = false;
    prose.writeLine(`Not all of the output could be written: ${error.message}\n(output_lost)`);
  });
  const releaseSignals = listenForSignals(stop);
  const isInteractive = isatty(STANDARD_ERROR) && !environment.isCi;
  return {
    io: {
      out: output.writeLine,
      note: prose.writeLine,
      flush: output.flush,
      openKeys: () => openKeys(process.stdin, stop.signal),
      openLines: () => openLines(process.stdin, stop.signal),
      isInteractive,
      canAsk: isInteractive && isatty(STANDARD_INPUT),
      hasColour: isatty(STANDARD_ERROR) && !environment.noColor,
      columns: process.stderr.columns ?? DEFAULT_COLUMNS,
      variables: environment.variables,
      workingDirectory: process.cwd(),
      stopSignal: stop.signal,
    },
    isOutputWhole: async () => {
      await output.flush();
      return isOutputWhole;
    },
    close: releaseSignals,
  };
}

function listenForSignals(stop: AbortController): () => void {
  let firstMs: number | null = null;
  const onSignal = (): void => {
    const nowMs = systemClock.monotonicMs();
    if (firstMs === null) {
      firstMs = nowMs;
      stop.abort();
    } else if (nowMs - firstMs > ECHO_MS) process.exit(EXIT.interrupted);
  };
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  return () => {
    for (const name of STOP_SIGNALS) process.off(name, onSignal);
  };
}

interface LineStream {
  readonly writeLine: (text: string) => void;
  readonly flush: () => Promise<boolean>;
}

/**
 * A reader that left (`leadsman export | head`) is no error; what comes after is dropped.
 *
 * @param onLost told once of any other failure, such as a full disk; what comes after is dropped too
 */
function openStream(stream: WriteStream, onLost: (error: Error) => void): LineStream {
  let isOpen = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    const wasOpen = isOpen;
    isOpen = false;
    const isReaderGone = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
    if (wasOpen && !isReaderGone) onLost(error);
  });
  return {
    writeLine: (text) => {
      if (isOpen) stream.write(`${text}\n`);
    },
    flush: async () => {
      if (isOpen && stream.writableLength > 0) await taken(stream);
      // A turn of the event loop, in which signals and the reader's leaving are heard of.
      await setImmediate();
      return isOpen;
    },
  };
}

function taken(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // An empty write is called back in its turn, after all that was written before, or with an error.
    stream.write("", () => {
      resolve();
    });
  });
}
