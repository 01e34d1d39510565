import { resourceUsage } from "node:process";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody } from "./content-decoding.ts";

const TEXT = Buffer.from(`{"chart":"${"fathom ".repeat(500)}"}`);
const AMPLE = 1024 * 1024;

const ENCODERS: [string, (bytes: Uint8Array) => Uint8Array][] = [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
];

describe.each(ENCODERS)("%s", (name, encode) => {
  test("is decoded", async () => {
    expect(await decodedText(encode(TEXT), name)).toBe(TEXT.toString());
  });

  test("of nothing is nothing", async () => {
    expect(await decodedText(encode(Buffer.alloc(0)), name)).toBe("");
  });

  test("yields at most the limit", async () => {
    expect((await decodeBody(encode(TEXT), name, TEXT.length)).ok).toBe(true);
    expect(await problemCode(encode(TEXT), name, TEXT.length - 1)).toBe("too_large");
    expect(await problemCode(encode(TEXT), name, 0)).toBe("too_large");
  });

  test("cut anywhere is malformed", async () => {
    const bytes = encode(TEXT);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(await problemCode(bytes.subarray(0, length), name)).toBe("malformed");
    }
  });

  test("of other bytes is malformed", async () => {
    expect(await problemCode(TEXT, name)).toBe("malformed");
  });
});

describe("the header", () => {
  test.each([undefined, "", "identity", " , identity ,"])(
    "%j leaves the bytes alone",
    async (h) => {
      const decoded = await decodeBody(TEXT, h, TEXT.length);
      expect(decoded.ok && decoded.value).toBe(TEXT);
      expect(await problemCode(TEXT, h, TEXT.length - 1)).toBe("too_large");
    },
  );

  test.each(["GZIP", " gzip ", "identity, gzip", "gzip,"])("%j means gzip", async (header) => {
    expect(await decodedText(gzipSync(TEXT), header)).toBe(TEXT.toString());
  });

  test("names encodings in the order in which they were applied", async () => {
    const bytes = brotliCompressSync(gzipSync(TEXT));
    expect(await decodedText(bytes, "gzip, br")).toBe(TEXT.toString());
    expect(await problemCode(bytes, "br, gzip")).toBe("malformed");
  });

  test.each(["compress", "gzip, sdch", "gzip, gzip, gzip", "constructor"])(
    "%j is not supported",
    async (header) => {
      expect(await problemCode(TEXT, header)).toBe("unsupported_encoding");
    },
  );

  test("an unknown encoding is named, shortened and quoted", async () => {
    const decoded = await decodeBody(TEXT, `x"${"y".repeat(100)}`, AMPLE);
    expect(decoded).toEqual({
      ok: false,
      problem: {
        code: "unsupported_encoding",
        message:
          "content-encoding: Expected one of identity, gzip, x-gzip, deflate, br, zstd, " +
          `found "x\\"${"y".repeat(30)}"`,
      },
    });
  });
});

test("deflate without the header of zlib is decoded too", async () => {
  expect(await decodedText(deflateRawSync(TEXT), "deflate")).toBe(TEXT.toString());
});

test("a small body that would fill the memory is stopped long before", async () => {
  const bomb = zstdOfZeros(1024 * 1024 * 1024);
  expect(bomb.length).toBeLessThan(40_000);
  const before = resourceUsage().maxRSS;
  expect(await problemCode(bomb, "zstd")).toBe("too_large");
  expect(await problemCode(gzipSync(bomb), "zstd, gzip")).toBe("too_large");
  const grownMiB = (resourceUsage().maxRSS - before) / 1024;
  expect(grownMiB).toBeLessThan(200);
});

test("any bytes come back from any two encodings", async () => {
  const encoder = fc.constantFrom(...ENCODERS);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), encoder, encoder, async (bytes, a, b) => {
      const decoded = await decodeBody(b[1](a[1](bytes)), `${a[0]}, ${b[0]}`, AMPLE);
      expect(decoded.ok && Buffer.from(decoded.value)).toEqual(Buffer.from(bytes));
    }),
  );
});

/** A frame of blocks that each say "128 KiB of zeros" in four bytes (RFC 8878, 3.1.1). */
function zstdOfZeros(length: number): Uint8Array {
  const blockLength = 128 * 1024;
  const runLengthBlock = 1;
  const blocks = length / blockLength;
  const magicAndWindow = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x70]);
  const frame = Buffer.alloc(magicAndWindow.length + 4 * blocks);
  magicAndWindow.copy(frame);
  for (let block = 0; block < blocks; block += 1) {
    const isLast = block === blocks - 1 ? 1 : 0;
    const header = isLast | (runLengthBlock << 1) | (blockLength << 3);
    frame.writeUIntLE(header, magicAndWindow.length + 4 * block, 3);
  }
  return frame;
}

async function decodedText(bytes: Uint8Array, header: string): Promise<string> {
  const decoded = await decodeBody(bytes, header, AMPLE);
  return decoded.ok ? Buffer.from(decoded.value).toString() : decoded.problem.message;
}

async function problemCode(
  bytes: Uint8Array,
  header: string | undefined,
  maxBytes: number = AMPLE,
): Promise<string> {
  const decoded = await decodeBody(bytes, header, maxBytes);
  return decoded.ok ? "no problem" : decoded.problem.code;
}
