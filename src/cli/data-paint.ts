import type { CliIo } from "./cli-io.ts";
import { createPaint, type Paint } from "./paint.ts";

/** Colours for data: only when it goes to a terminal itself, and not into a file or a pipe. */
export function createDataPaint(io: Pick<CliIo, "hasColour">): Paint {
  return createPaint(io.hasColour && process.stdout.isTTY);
}
