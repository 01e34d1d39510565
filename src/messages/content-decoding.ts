import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from "node:zlib";
import { failure, success } from "../support/result.ts";
import type { Result } from "../support/result.ts";

/** Why a body could not be decoded. */
export interface DecodingProblem {
  readonly code: "unsupported_encoding" | "malformed" | "too_large";
  readonly message: string;
}

/**
 * Undoes the `content-encoding` of a body: identity, gzip, deflate, br, zstd, or two of them one
 * upon the other. Stops as soon as the output exceeds the limit, so that a small body cannot fill
 * the memory. Runs off the main thread.
 *
 * @param contentEncoding the header's value; undefined or empty = identity
 * @param maxBytes most bytes that any stage may yield
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Result<Uint8Array, DecodingProblem>> {
  const encodings = encodingsIn(contentEncoding ?? "");
  if (encodings.length > MAX_STACKED) return failure(tooManyEncodings(encodings.length));
  let decoded = bytes;
  // The header lists encodings in the order in which they were applied.
  for (const encoding of encodings.reverse()) {
    const decoder = DECODERS.get(encoding);
    if (decoder === undefined) return failure(unsupportedEncoding(encoding));
    try {
      // Zlib refuses a limit of 0.
      decoded = await decoder(decoded, { maxOutputLength: Math.max(1, maxBytes) });
    } catch (error) {
      return failure(isOverLimit(error) ? tooLarge(maxBytes) : malformed(encoding));
    }
  }
  return decoded.length > maxBytes ? failure(tooLarge(maxBytes)) : success(decoded);
}

const MAX_STACKED = 2;

type Decoder = (bytes: Uint8Array, limits: { maxOutputLength: number }) => Promise<Uint8Array>;

const decodeGzip: Decoder = promisify(gunzip);
const decodeZlib: Decoder = promisify(inflate);
const decodeRawDeflate: Decoder = promisify(inflateRaw);

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", decodeGzip],
  ["x-gzip", decodeGzip],
  // `deflate` means the zlib format, yet some senders leave its header out.
  [
    "deflate",
    (bytes, limits) => (hasZlibHeader(bytes) ? decodeZlib : decodeRawDeflate)(bytes, limits),
  ],
  ["br", promisify(brotliDecompress)],
  ["zstd", promisify(zstdDecompress)],
]);

function encodingsIn(contentEncoding: string): string[] {
  return contentEncoding
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity");
}

/** RFC 1950: method 8 in the low bits, and both bytes together divisible by 31. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function isOverLimit(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function tooManyEncodings(found: number): DecodingProblem {
  const limit = String(MAX_STACKED);
  const message = `content-encoding: Expected at most ${limit}, found ${String(found)}`;
  return { code: "unsupported_encoding", message };
}

function unsupportedEncoding(encoding: string): DecodingProblem {
  const known = [...DECODERS.keys()].join(", ");
  // The name comes from outside: a glance at it is enough.
  const found = JSON.stringify(encoding.slice(0, 32));
  const message = `content-encoding: Expected one of identity, ${known}, found ${found}`;
  return { code: "unsupported_encoding", message };
}

function malformed(encoding: string): DecodingProblem {
  return { code: "malformed", message: `body: Expected ${encoding} data, found broken data` };
}

function tooLarge(maxBytes: number): DecodingProblem {
  const message = `body: Expected at most ${String(maxBytes)} bytes after decoding, found more`;
  return { code: "too_large", message };
}
