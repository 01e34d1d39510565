import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblems } from "../config/config-problem.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { startSimulatedServer } from "../providers/simulated/simulated-server.ts";
import { createSimulatedWorld } from "../providers/simulated/simulated-world.ts";
import type { RequestRecord } from "../cascade/receipt.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { buildReceiptReport, type ReceiptReport } from "../reports/receipt-report.ts";
import { buildStatusReport, type StatusReport } from "../reports/status-report.ts";
import { systemClock } from "../support/clock.ts";
import { invariant } from "../support/invariant.ts";
import { sleep } from "../support/sleep.ts";
import { loadDeskClient } from "./demo/desk-client.ts";
import { sendTraffic, type TrafficOptions, type TrafficOutcome } from "./demo/send-traffic.ts";
import { measureShippedTruth, type ShippedTruth } from "./demo/shipped-truth.ts";
import { openGateway, type OpenGateway } from "./open-gateway.ts";

export interface DemoOptions {
  /** Equal seeds give equal requests, answers and decisions. */
  readonly seed: string;
  /** Of the gateway; 0 = any free one. */
  readonly port: number;
  /** Told of trouble that concerns no single request. */
  readonly onError: (error: unknown) => void;
}

/** A whole installation on loopback with an upstream that makes its answers up. */
export interface Demo {
  readonly gatewayUrl: string;
  readonly upstreamUrl: string;
  /** Holds everything that is written: the ledger and its configuration. */
  readonly folder: string;
  /** For commands that shall look at this demonstration's ledger. */
  readonly configPath: string;
  /** Share of a real model's waiting that the upstream does. */
  readonly timeScale: number;
  /** Sends requests through the client library that applications use. */
  send(options: TrafficOptions): Promise<TrafficOutcome>;
  /** Waits for background calls and reports on what the ledger holds. */
  report(): Promise<DemoReport>;
  /** Stops all parts. @param keepsFiles leave the folder where it is; default false */
  close(keepsFiles?: boolean): Promise<void>;
}

/** What a demonstration came to. Every number but the truth is a sum of receipts. */
export interface DemoReport {
  readonly status: StatusReport;
  readonly truth: ShippedTruth;
  /** The request that came nearest to shipping without doing so; else the newest; null = none. */
  readonly receipt: ReceiptReport | null;
}

/** A tenth of a real model's waiting: long enough to be seen, short enough to be waited for. */
const TIME_SCALE = 0.1;

/**
 * Opens the demonstration. Needs no key and makes no connection off this machine.
 *
 * @throws LeadsmanError `sdk_missing` without the client library, or one of the gateway's
 */
export async function openDemo(options: DemoOptions): Promise<Demo> {
  const makeClient = await loadDeskClient();
  const startedAtMs = systemClock.nowMs();
  const world = createSimulatedWorld({ seed: options.seed });
  const folder = mkdtempSync(join(tmpdir(), "leadsman-demo-"));
  const upstream = await startSimulatedServer({ world, timeScale: TIME_SCALE, recordedCalls: 1 });
  const configPath = join(folder, "leadsman.yaml");
  const closeUpstream = async (keepsFiles: boolean): Promise<void> => {
    await upstream.close();
    if (!keepsFiles) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const text = configText(folder, upstream.url, options.port);
    writeFileSync(configPath, text);
    const open = await openGateway(readConfig(configPath, text), { onError: options.onError });
    const { ledger } = open;
    const client = makeClient(open.gateway.url);
    return {
      gatewayUrl: open.gateway.url,
      upstreamUrl: upstream.url,
      folder,
      configPath,
      timeScale: TIME_SCALE,
      send: (traffic) => sendTraffic(client, world, traffic),
      report: async () => {
        await settled(open);
        const span = { fromMs: startedAtMs, toMs: systemClock.nowMs() + 1 };
        const records = await allRecords(ledger);
        return {
          status: await buildStatusReport(ledger, span),
          truth: await measureShippedTruth(ledger, records, world),
          receipt: await tellingReceipt(ledger, records),
        };
      },
      close: async (keepsFiles = false) => {
        await open.shutDown(AbortSignal.timeout(SHUT_DOWN_MS));
        await closeUpstream(keepsFiles);
      },
    };
  } catch (error) {
    await closeUpstream(false);
    throw error;
  }
}

const SHUT_DOWN_MS = 2_000;

/** The route of the demonstration. YAML reads JSON, so the file is written as such. */
function configText(folder: string, upstreamUrl: string, port: number): string {
  const file = {
    version: 1,
    server: { port },
    providers: { anthropic: { baseUrl: upstreamUrl } },
    routes: [
      {
        name: "support",
        match: { model: "claude-opus-*" },
        tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
        threshold: 0.8,
        mode: "live",
        // Larger shares than the defaults: of a few hundred requests, 1 % would be next to none.
        sampling: { control: "4%", shadow: "4%", grade: "0%", band: "0%" },
        bodies: "all",
      },
    ],
    ledger: { url: `sqlite:${join(folder, "ledger.db")}` },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function readConfig(path: string, text: string): LeadsmanConfig {
  const loaded = loadConfig({ path, env: {}, readFile: () => text });
  invariant(
    loaded.ok,
    `the demonstration's configuration is valid${loaded.ok ? "" : `: ${formatProblems(loaded.problem)}`}`,
  );
  return loaded.value.config;
}

async function settled({ router }: OpenGateway): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + SHUT_DOWN_MS;
  while (router.backgroundCalls() > 0 && systemClock.monotonicMs() < deadlineMs) await sleep(5);
}

const PAGE_ROWS = 1_000;

async function allRecords(ledger: Ledger): Promise<readonly RequestRecord[]> {
  const records: RequestRecord[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await ledger.requests({}, PAGE_ROWS, after);
    records.push(...page.rows);
    if (page.next === null) return records;
    after = page.next;
  }
}

async function tellingReceipt(
  ledger: Ledger,
  newestFirst: readonly RequestRecord[],
): Promise<ReceiptReport | null> {
  const misses = newestFirst
    .filter(({ reason }) => reason === "low_confidence")
    .toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  const chosen = misses.at(0) ?? newestFirst.at(0) ?? null;
  return chosen === null ? null : buildReceiptReport(ledger, chosen.id);
}
