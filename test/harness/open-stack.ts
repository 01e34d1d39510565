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
import type { Clock } from "../../src/support/clock.ts";

/** A whole installation on loopback: simulated upstream, gateway, ledger in a temporary folder. */
export interface Stack {
  url: string;
  readonly folder: string;
  readonly upstream: SimulatedServer;
  open: OpenGateway;
  /** The record of a request, once it is committed. */
  record(id: string): Promise<RequestRecord>;
  /** All records, oldest first. */
  records(): Promise<readonly RequestRecord[]>;
  /** Waits until no background call is left. */
  settled(): Promise<void>;
  /** Waits until nothing is left to be compared or judged either. */
  graded(): Promise<void>;
  /** Stops the gateway, cutting what runs at once, and opens another one on the same ledger. */
  reopen(changes?: Partial<StackOptions>): Promise<void>;
  close(): Promise<void>;
}

export interface StackOptions {
  readonly upstream?: SimulatedServerOptions;
  /** Members of the only route, in the words of the configuration file. */
  readonly route?: Readonly<Record<string, unknown>>;
  readonly server?: Readonly<Record<string, unknown>>;
  readonly ledger?: Readonly<Record<string, unknown>>;
  readonly telemetry?: Readonly<Record<string, unknown>>;
  readonly alerts?: Readonly<Record<string, unknown>>;
  readonly provider?: Readonly<Record<string, unknown>>;
  /** More providers by name; they are the same upstream unless they say otherwise. */
  readonly providers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** How often an idle worker looks for jobs. Default: not while a test lasts. */
  readonly jobPollMs?: number;
  readonly clock?: Clock;
  /** Of an installation that is there already. Default: a new one, deleted at the end. */
  readonly folder?: string;
}

const NEVER_POLL_MS = 3_600_000;

/** Nothing random: every eligible request of the route climbs and nothing happens beside it. */
export const NO_SAMPLING = { shadow: "0%", grade: "0%", control: "0%", band: "0%" } as const;

export async function openStack(options: StackOptions = {}): Promise<Stack> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "leadsman-test-"));
  const upstream = await startSimulatedServer(options.upstream ?? {});
  const openNow = (changes: Partial<StackOptions> = {}): Promise<OpenGateway> =>
    openGateway(stackConfig(folder, upstream.url, { ...options, ...changes }), {
      jobPollMs: options.jobPollMs ?? NEVER_POLL_MS,
      ...optional("clock", changes.clock ?? options.clock),
    });
  const open = await openNow();
  const stack: Stack = {
    url: open.gateway.url,
    folder,
    upstream,
    open,
    settled: async () => {
      while (stack.open.router.backgroundCalls() > 0) await pause();
    },
    graded: async () => {
      await stack.settled();
      while (await hasWaitingJob(stack.open)) await pause();
    },
    records: async () => [...(await stack.open.ledger.requests({}, 1_000)).rows].reverse(),
    record: async (id) => {
      for (;;) {
        const found = await stack.open.ledger.request(id);
        if (found !== null) return found;
        await pause();
      }
    },
    reopen: async (changes) => {
      await stack.open.shutDown(AbortSignal.abort());
      stack.open = await openNow(changes);
      stack.url = stack.open.gateway.url;
    },
    close: async () => {
      await stack.open.shutDown(AbortSignal.timeout(1_000));
      await upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stack;
}

async function hasWaitingJob({ ledger }: OpenGateway): Promise<boolean> {
  return (await ledger.jobCounts({})).some(({ state }) => state === "waiting");
}

/** A member that is there only when it has a value. */
function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value });
}

/** The configuration of a stack. */
export function stackConfig(
  folder: string,
  upstreamUrl: string,
  options: StackOptions,
): LeadsmanConfig {
  const loaded = loadConfig({
    path: "leadsman.yaml",
    env: {},
    readFile: () => stackFile(folder, upstreamUrl, options),
  });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problem));
  return loaded.value.config;
}

/** The same as a file for a process of its own; YAML reads JSON, so it is written as such. */
export function stackFile(folder: string, upstreamUrl: string, options: StackOptions): string {
  return JSON.stringify({
    version: 1,
    server: { port: 0, ...options.server },
    providers: Object.fromEntries(
      Object.entries({ anthropic: options.provider ?? {}, ...options.providers }).map(
        ([name, settings]) => [name, { baseUrl: upstreamUrl, ...settings }],
      ),
    ),
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
    telemetry: options.telemetry ?? {},
    ...(options.alerts === undefined ? {} : { alerts: options.alerts }),
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}
