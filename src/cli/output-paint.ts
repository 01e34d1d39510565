import type { CliIo } from "./cli-io.ts";
import { createPaint, type Paint } from "./paint.ts";

/** Colours for what goes to standard output: only when that is a terminal itself, and not into a file or a pipe. */
export function createOutputPaint(io: Pick<CliIo, "hasColour">): Paint {
  return createPaint(io.hasColour && process.stdout.isTTY);
}
