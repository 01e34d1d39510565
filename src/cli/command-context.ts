import type { CliIo } from "./cli-io.ts";

/** What every command gets: the outside world, a way to end, and the options all commands share. */
export interface CommandContext {
  readonly io: CliIo;
  /** Sets the exit code (one of `EXIT`); the last call wins, and `EXIT.ok` is the default. */
  finish(exitCode: number): void;
  /** The shared options. To be asked for inside an action, when the command line is parsed. */
  settings(): CommandSettings;
}

export interface CommandSettings {
  /** The file of `--config`; null when it was not given. */
  readonly configPath: string | null;
  /** Data on standard output is to be JSON. */
  readonly json: boolean;
}
