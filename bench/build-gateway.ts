import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);
const OUT = new URL(".tmp/bench-dist/", ROOT);

/** The public door of what is measured. */
export const BUILT_GATEWAY: URL = new URL("gateway.js", OUT);

/** Compiles the source as for publishing: what is measured must not strip types as it goes. */
export function buildGateway(): void {
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", ROOT));
  const args = [compiler, "-p", "tsconfig.build.json", "--outDir", fileURLToPath(OUT)];
  const { status } = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(ROOT),
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`the build ended with code ${String(status)}`);
}
