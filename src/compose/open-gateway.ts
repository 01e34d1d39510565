import { createCatalogue } from "../catalogue/catalogue.ts";
import { virtualModelNames } from "../cascade/select-route.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { ROUTE_NAME, unknownName } from "../config/unknown-name.ts";
import { DEFAULT_GATEWAY_LIMITS } from "../gateway/limits.ts";
import { startGateway, type Gateway, type GatewayStats } from "../gateway/start-gateway.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "./open-ledger.ts";
import { DEFAULT_TIMEOUTS } from "../providers/provider.ts";
import type { JobWorker } from "../quality/jobs/job-worker.ts";
import { createRouter } from "../router/create-router.ts";
import { openRouteBook, type LiveRouteBook } from "../router/live-route-book.ts";
import type { Watch } from "../watch/create-watch.ts";
import type { Router, RouterObserver } from "../router/router.ts";
import { systemClock, type Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { systemRandomBytes } from "../support/system-random.ts";
import type { ToldAlert } from "./channel-teller.ts";
import { openChannels, type OpenChannels } from "./open-channels.ts";
import { planGrading, startGrading } from "./open-grading.ts";
import { hasOwnCredential, openProviders } from "./open-providers.ts";
import { openTelemetry, type OpenTelemetry } from "./open-telemetry.ts";
import type { MetricSources } from "../telemetry/metrics/standing-metrics.ts";
import { openWatch } from "./open-watch.ts";
import { readWatchedTiers } from "./read-watched-tiers.ts";
import { startPurge } from "./start-purge.ts";

/** A gateway with everything behind it. */
export interface OpenGateway {
  readonly gateway: Gateway;
  readonly router: Router;
  readonly routes: LiveRouteBook;
  readonly ledger: Ledger;
  /** Compares and judges answers in the background. */
  readonly grading: JobWorker;
  /** Looks for trouble beside the requests, and moves thresholds. */
  readonly watch: Watch;
  /** Tells of alerts, by jobs of the same worker. */
  readonly channels: OpenChannels;
  /** Stops taking calls, lets those in flight end until the signal is aborted, closes the rest. */
  shutDown(signal: AbortSignal): Promise<ShutDownCounts>;
}

/** What became of the work in hand; printed when a gateway stops. */
export interface ShutDownCounts {
  /** Calls that ended in their own time. */
  readonly finished: number;
  /** Calls that were cut at the deadline. */
  readonly cut: number;
  /** Background calls that were given up. */
  readonly backgroundGivenUp: number;
  readonly committedEntries: number;
  readonly lostEntries: number;
}

export interface OpenGatewayOptions {
  readonly clock?: Clock;
  readonly observers?: readonly RouterObserver[];
  /** Told of trouble that concerns no single request. */
  readonly onError?: (error: unknown) => void;
  /** The configured modes hold whatever was ordered before; later orders count. Default false. */
  readonly ignoresEarlierModes?: boolean;
  /** Writes an alert to the log, for channels of kind `stdout`. Default nowhere. */
  readonly writeAlert?: (alert: ToldAlert) => void;
  /** How often idle background workers look for jobs, in milliseconds. Default 1,000. */
  readonly jobPollMs?: number;
}

/** Version of the sampler: draws made under another salt are another experiment. */
export const SAMPLING_SALT = "leadsman-1";

/**
 * Opens the ledger, wires providers, router and gateway, and starts to listen.
 *
 * @throws LeadsmanError `token_required`, `listen_failed`, or one of the ledger's
 */
export async function openGateway(
  config: LeadsmanConfig,
  options: OpenGatewayOptions = {},
): Promise<OpenGateway> {
  const clock = options.clock ?? systemClock;
  const onError = options.onError ?? (() => undefined);
  const openedAtMs = clock.nowMs();
  const catalogue = createCatalogue({ overrides: config.prices });
  const telemetry = await openObserved({ config, catalogue, clock, onError });
  const { ledger } = telemetry;
  const providers = openProviders(config);
  const write = options.writeAlert ?? (() => undefined);
  const channels = openChannels({ alerts: config.alerts, ledger, clock, write });
  const outside = [...providers.values(), channels];
  let routes: LiveRouteBook | null = null;
  let watch: Watch | null = null;
  try {
    routes = await openRouteBook(config.routes, ledger, clock, onError, options);
    const { notificationsOf } = channels;
    watch = await openWatch({ config, ledger, routes, clock, onError, notificationsOf });
    const callParts = {
      providers,
      timeoutsOf: (name: string) => config.providers[name]?.timeouts ?? DEFAULT_TIMEOUTS,
      ...{ catalogue, clock, onError },
    };
    const router = createRouter({
      ...callParts,
      routes,
      passthroughProvider: "anthropic",
      ledger,
      onLedgerFailure: config.ledger.onFailure,
      commitTimeoutMs: config.ledger.commitTimeoutMs,
      earlyOpenMs: config.server.earlyOpenMs,
      salt: SAMPLING_SALT,
      observers: [watch, ...(options.observers ?? [])],
      gradeFactor: watch.gradeFactor,
      stormProbeShare: watch.stormProbeShare,
      jobsOf: planGrading(config.routes, clock),
      hasOwnCredential: (name) => hasOwnCredential(config.providers[name]),
    });
    const gateway = await serve(config, { ...callParts, ledger, router, telemetry, routes });
    // Only now: where the port is taken, another gateway may be at work on this ledger.
    await ledger.expirePendingPairs(openedAtMs);
    const stopPurge = startPurge(ledger, config.ledger.bodyRetentionDays, clock, onError);
    const otherJobs = await channels.jobs();
    const jobParts = { ...callParts, config, ledger, salt: SAMPLING_SALT, otherJobs };
    const { pairCompletion: sides, candidateTrials: candidates } = router;
    const pollMs = options.jobPollMs === undefined ? {} : { pollMs: options.jobPollMs };
    const grading = startGrading({ ...jobParts, sides, candidates, ...pollMs });
    const parts = { gateway, router, routes, ledger, grading, watch, channels };
    return {
      ...parts,
      shutDown: async (signal) => {
        stopPurge();
        const counts = await shutDown(parts, signal);
        await Promise.all(outside.map((one) => one.close()));
        await telemetry.close();
        return counts;
      },
    };
  } catch (error) {
    await watch?.close();
    routes?.close();
    await Promise.all(outside.map((one) => one.close()));
    await ledger.close();
    await telemetry.close();
    throw error;
  }
}

/** The ledger with whoever counts what is written to it. */
async function openObserved(
  parts: Omit<Parameters<typeof openTelemetry>[0], "ledger">,
): Promise<OpenTelemetry> {
  const ledger = await openLedger(parts.config.ledger, parts.clock);
  return openTelemetry({ ...parts, ledger }).catch(async (error: unknown) => {
    await ledger.close();
    throw error;
  });
}

interface ServedParts {
  readonly ledger: Ledger;
  readonly router: Router;
  readonly routes: LiveRouteBook;
  readonly telemetry: OpenTelemetry;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

function serve(
  { server, routes: configured, providers, telemetry: settings }: LeadsmanConfig,
  { ledger, router, routes, telemetry, clock, onError }: ServedParts,
): Promise<Gateway> {
  const { metrics } = telemetry;
  const sources: MetricSources = {
    routes: () => routes.current().map(({ route }) => route),
    ledger,
    watchedTiers: () =>
      readWatchedTiers(
        ledger,
        routes.current().map(({ route }) => route),
      ),
    backgroundCalls: () => router.backgroundCalls(),
    commitCounts: () => router.commitCounts(),
  };
  return startGateway({
    host: server.host,
    port: server.port,
    token: server.token,
    allowedHosts: server.allowedHosts,
    limits: { ...DEFAULT_GATEWAY_LIMITS, ...server },
    router: telemetry.trace(router),
    ledger,
    clock,
    requestIds: createIdSource("req_", clock, systemRandomBytes),
    virtualModels: () => virtualModelNames(configured),
    unknownRoute: (name) => {
      const names = configured.map((route) => route.name);
      return names.includes(name) ? null : unknownName(ROUTE_NAME, name, names).message;
    },
    requiresTokenAsApiKey: Object.values(providers).some(
      (provider) => provider.kind === "anthropic" && provider.auth.kind === "api_key",
    ),
    statusSource: () => {
      const { late, lost } = router.commitCounts();
      const backgroundCalls = router.backgroundCalls();
      return { backgroundCalls, lateRecords: late, lostRecords: lost };
    },
    onError,
    metricsToken: settings.metrics.token,
    ...(metrics === null
      ? {}
      : { metrics: (stats: GatewayStats) => metrics.render(sources, stats) }),
  });
}

async function shutDown(
  { gateway, router, routes, ledger, grading, watch }: Omit<OpenGateway, "shutDown">,
  signal: AbortSignal,
): Promise<ShutDownCounts> {
  const drained = await gateway.drain(signal);
  let backgroundGivenUp = 0;
  const countGivenUp = (): void => {
    backgroundGivenUp = router.backgroundCalls();
  };
  // Before the router hears of it, which then forgets what it gives up.
  if (signal.aborted) countGivenUp();
  else signal.addEventListener("abort", countGivenUp, { once: true });
  await router.drain(signal);
  signal.removeEventListener("abort", countGivenUp);
  await grading.stop(signal);
  await watch.close();
  routes.close();
  await ledger.close();
  const { committedEntries, lostEntries } = ledger.health();
  return { ...drained, backgroundGivenUp, committedEntries, lostEntries };
}
