/** Leadsman as it is started by `leadsman up`, in a process of its own: ledger on and committing. */
import { openGateway } from "../src/compose/open-gateway.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { serveUsage } from "./process-usage.ts";

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
