/**
 * Cuts bytes into lines, wherever the chunks were cut. Lines are bytes without their line feed, so
 * that no character is ever decoded in two halves.
 */
export class LineSplitter {
  readonly #waiting: Uint8Array[] = [];
  /** The beginning of a line whose end has not been looked for in `#waiting` yet. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
  }

  /** The next whole line; null when more has to come. */
  take(): Uint8Array | null {
    for (;;) {
      const chunk = this.#waiting[0];
      if (chunk === undefined) return null;
      const end = chunk.indexOf(LINE_FEED);
      if (end < 0) {
        this.#waiting.shift();
        this.#begun.push(chunk);
        this.#begunBytes += chunk.length;
        continue;
      }
      this.#waiting[0] = chunk.subarray(end + 1);
      return this.#endLine(chunk.subarray(0, end));
    }
  }

  /** What stands behind the last line feed, once `take` has given all lines. */
  takeRest(): Uint8Array {
    return this.#endLine(new Uint8Array(0));
  }

  /** Bytes of the line that is not whole yet. */
  get begunBytes(): number {
    return this.#begunBytes;
  }

  #endLine(last: Uint8Array): Uint8Array {
    if (this.#begun.length === 0) return last;
    const line = Buffer.concat([...this.#begun, last]);
    this.#begun = [];
    this.#begunBytes = 0;
    return line;
  }
}

const LINE_FEED = 0x0a;
