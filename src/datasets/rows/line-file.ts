import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { createLineSplitter, type Line } from "./line-splitter.ts";

/** A file of lines, plain or gzip; which of both is seen from its first bytes, not from its name. */
export interface LineFile {
  /** As the user named it; for messages. */
  readonly name: string;
  /** Bytes on disk. */
  readonly sizeBytes: number;
  /**
   * Its lines in batches, from the start on each call.
   *
   * @param onBytes told how many more bytes on disk were read
   */
  lines(onBytes: (bytes: number) => void): AsyncGenerator<readonly Line[]>;
}

/**
 * @param path where it is
 * @throws LeadsmanError `file_missing` unless there is a file that can be read
 */
export async function openLineFile(name: string, path: string): Promise<LineFile> {
  const sizeBytes = await sizeOf(name, path);
  const isGzip = await beginsWithGzip(name, path);
  return {
    name,
    sizeBytes,
    lines: (onBytes) => linesOf(name, path, isGzip, onBytes),
  };
}

const GZIP_MARK = [0x1f, 0x8b] as const;
/** Large reads, because each costs a turn through the thread pool. */
const READ_BYTES = 1024 * 1024;

/** Asked before a file is opened: a pipe that nobody writes to would keep us waiting. */
async function sizeOf(name: string, path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  if (found.isFile()) return found.size;
  const what = found.isDirectory()
    ? "a folder"
    : "something that can be read only once, such as a pipe; files are read more than once, so write it to one";
  throw new LeadsmanError("file_missing", `Wanted a file at ${name}, found ${what}.`);
}

async function beginsWithGzip(name: string, path: string): Promise<boolean> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return buffer[0] === GZIP_MARK[0] && buffer[1] === GZIP_MARK[1];
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function unreadable(name: string, cause: unknown): LeadsmanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LeadsmanError("file_missing", `Reading ${name} was wanted, but: ${why}`, { cause });
}

async function* linesOf(
  name: string,
  path: string,
  isGzip: boolean,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly Line[]> {
  const raw = createReadStream(path, { highWaterMark: READ_BYTES });
  const stream = isGzip ? unzipped(raw) : raw;
  const splitter = createLineSplitter();
  let told = 0;
  try {
    for await (const chunk of stream) {
      onBytes(raw.bytesRead - told);
      told = raw.bytesRead;
      const lines = splitter.push(chunk as Buffer);
      if (lines.length > 0) yield lines;
    }
  } catch (cause) {
    if (!isGzip || !(cause instanceof Error)) throw cause;
    throw new LeadsmanError("file_broken", `${name} is no whole gzip file: ${cause.message}.`, {
      cause,
    });
  } finally {
    raw.destroy();
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
}

function unzipped(raw: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  // The error reaches whoever reads the end of the pipe.
  return pipeline(raw, gunzip, () => undefined);
}
