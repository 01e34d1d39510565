/**
 * Leadsman as it is published, in a process of its own: built JavaScript, ledger on and committing.
 */
import type * as GatewayDoor from "../src/gateway.ts";
import { BUILT_GATEWAY } from "./build-gateway.ts";
import { serveUsage } from "./process-usage.ts";

const { loadConfig, openGateway } = (await import(BUILT_GATEWAY.href)) as typeof GatewayDoor;
const [upstreamUrl = "", folder = ""] = process.argv.slice(2);
const file = {
  version: 1,
  server: { port: 0, maxConcurrent: 4_000 },
  providers: { anthropic: { baseUrl: upstreamUrl } },
  routes: [
    {
      name: "live",
      match: { model: "claude-opus-*" },
      tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
      mode: "live",
      sampling: { control: "0%", shadow: "0%", grade: "1%", band: "0%" },
    },
  ],
  ledger: { url: `sqlite:${folder}/ledger.db` },
};
const loaded = loadConfig({
  path: "leadsman.yaml",
  env: {},
  readFile: () => JSON.stringify(file),
});
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
const open = await openGateway(loaded.value.config);
serveUsage();
process.send?.({ port: open.gateway.port });
process.on("SIGTERM", () => {
  void open.shutDown(AbortSignal.timeout(5_000)).then(() => process.exit(0));
});
