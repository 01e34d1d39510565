import { randomBytes } from "node:crypto";

/** Unpredictable bytes from the operating system; what `systemClock` is to time. */
export function systemRandomBytes(count: number): Uint8Array {
  return randomBytes(count);
}
