import { deflateRawSync } from "node:zlib";

/**
 * Shorter bodies are kept as they are: deflating one takes six microseconds and saves at most the 70
 * bytes that are less than what its row and indexes take beside it.
 */
const DEFLATE_FROM_BYTES = 256;

/** A text as table `bodies` holds it; `readBody` is the other end. */
export interface EncodedBody {
  readonly encoding: "identity" | "deflate";
  readonly content: Uint8Array;
}

export function encodeBody(bytes: Uint8Array): EncodedBody {
  const { byteLength } = bytes;
  if (byteLength < DEFLATE_FROM_BYTES) return { encoding: "identity", content: bytes };
  // A body of a kilobyte costs less to deflate than the memory that is set up for one of 32 kB; any
  // window can be read back. Level 1: a third of the time of level 6 on 50 kB, for a few per cent of
  // the size.
  const windowBits = Math.min(Math.max(Math.ceil(Math.log2(byteLength)), 10), 15);
  const content = deflateRawSync(bytes, {
    level: 1,
    windowBits,
    memLevel: Math.min(windowBits - 7, 8),
    chunkSize: Math.max(byteLength, 1_024),
  });
  return { encoding: "deflate", content };
}
