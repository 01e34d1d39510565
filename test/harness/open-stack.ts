import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGateway, type OpenGateway } from "../../src/compose/open-gateway.ts";
import { formatProblems } from "../../src/config/config-problem.ts";
import type { LeadsmanConfig } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
  type SimulatedServerOptions,
} from "../../src/providers/simulated/simulated-server.ts";
import type { RequestRecord } from "../../src/cascade/receipt.ts";

/** A whole installation on loopback: simulated upstream, gateway, ledger in a temporary folder. */
export interface Stack {
  readonly url: string;
  readonly folder: string;
  readonly upstream: SimulatedServer;
  readonly open: OpenGateway;
  /** The record of a request, once it is committed. */
  record(id: string): Promise<RequestRecord>;
  /** All records, oldest first. */
  records(): Promise<readonly RequestRecord[]>;
  /** Waits until no background call is left. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface StackOptions {
  readonly upstream?: SimulatedServerOptions;
  /** Members of the only route, in the words of the configuration file. */
  readonly route?: Readonly<Record<string, unknown>>;
  readonly server?: Readonly<Record<string, unknown>>;
  readonly ledger?: Readonly<Record<string, unknown>>;
  readonly provider?: Readonly<Record<string, unknown>>;
}

/** Nothing random: every eligible request of the route climbs and nothing happens beside it. */
export const NO_SAMPLING = { shadow: "0%", grade: "0%", control: "0%", band: "0%" } as const;

export async function openStack(options: StackOptions = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-test-"));
  const upstream = await startSimulatedServer(options.upstream ?? {});
  const open = await openGateway(stackConfig(folder, upstream.url, options));
  const settled = async (): Promise<void> => {
    while (open.router.backgroundCalls() > 0) await pause();
  };
  const records = async (): Promise<readonly RequestRecord[]> =>
    [...(await open.ledger.requests({}, 1_000)).rows].reverse();
  return {
    url: open.gateway.url,
    folder,
    upstream,
    open,
    settled,
    records,
    record: async (id) => {
      for (;;) {
        const found = await open.ledger.request(id);
        if (found !== null) return found;
        await pause();
      }
    },
    close: async () => {
      await open.shutDown(AbortSignal.timeout(1_000));
      await upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The configuration of a stack; YAML reads JSON, so the file is written as such. */
export function stackConfig(
  folder: string,
  upstreamUrl: string,
  options: StackOptions,
): LeadsmanConfig {
  const file = {
    version: 1,
    server: { port: 0, ...options.server },
    providers: { anthropic: { baseUrl: upstreamUrl, ...options.provider } },
    routes: [
      {
        name: "support",
        match: { model: "claude-opus-*" },
        tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
        mode: "live",
        sampling: NO_SAMPLING,
        ...options.route,
      },
    ],
    ledger: { url: `sqlite:${join(folder, "ledger.db")}`, ...options.ledger },
  };
  const loaded = loadConfig({
    path: "leadsman.yaml",
    env: {},
    readFile: () => JSON.stringify(file),
  });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problem));
  return loaded.value.config;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}
