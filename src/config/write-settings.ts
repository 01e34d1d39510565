import type { CompareChoice } from "../cascade/grading-choice.ts";
import { NEVER_SHIP, type Route } from "../cascade/route.ts";
import type { JsonObject, JsonValue } from "../support/json.ts";
import type { ChannelConfig } from "./alerts-config.ts";
import type { LeadsmanConfig, ProviderConfig, RouteConfig } from "./config.ts";
import { NEVER_WORD } from "./setting-kinds.ts";

/**
 * The configuration in the words of the file, complete. Reading the outcome gives the same
 * configuration again. Secrets are in it.
 */
export function writeSettings(config: LeadsmanConfig): JsonObject {
  const { version, server, providers, routes, prices, ledger, telemetry, alerts } = config;
  return {
    version,
    server: {
      ...server,
      maxInFlightBytes: writeBytes(server.maxInFlightBytes),
      maxBodyBytes: writeBytes(server.maxBodyBytes),
    },
    providers: Object.fromEntries(
      Object.entries(providers).map(([name, provider]) => [name, writeProvider(provider)]),
    ),
    routes: routes.map(writeRoute),
    prices: prices.map((price) => ({ ...price })),
    ledger: { ...ledger, spillBytes: writeBytes(ledger.spillBytes) },
    telemetry: {
      metrics: { ...telemetry.metrics },
      traces: { ...telemetry.traces },
      logs: { ...telemetry.logs },
    },
    alerts: { ...alerts, channels: alerts.channels.map(writeChannel) },
  };
}

/** A mode in the words of the file: `shadow`, `{ canary: "5%" }`. */
export function writeMode(mode: Route["mode"]): JsonValue {
  return typeof mode === "string" ? mode : { canary: writeShare(mode.canary) };
}

function writeChannel(channel: ChannelConfig): JsonObject {
  if (channel.kind !== "webhook" || channel.secret !== null) return { ...channel };
  // Without a secret the setting is not there.
  const { secret: _none, ...rest } = channel;
  return rest;
}

function writeProvider(provider: ProviderConfig): JsonObject {
  const { kind, timeouts } = provider;
  if (kind === "simulated") return { kind, timeouts: { ...timeouts } };
  const { baseUrl, auth } = provider;
  const credential =
    auth.kind === "api_key" ? { apiKey: auth.apiKey } : { auth: "passthrough" as const };
  return { kind, baseUrl, ...credential, timeouts: { ...timeouts } };
}

function writeRoute(route: RouteConfig): JsonObject {
  const { matchModel, tiers, mode, protocol, sampling, guarantee, storm, watch, judge } = route;
  return {
    name: route.name,
    match: { model: matchModel },
    tiers: tiers.map(({ model, provider, threshold }) =>
      threshold === null
        ? { model, provider }
        : { model, provider, threshold: threshold === NEVER_SHIP ? NEVER_WORD : threshold },
    ),
    candidates: (route.candidates ?? []).map((candidate) => ({ ...candidate })),
    mode: writeMode(mode),
    protocol: protocol.kind === "envelope" ? "envelope" : { field: protocol.field },
    sampling: {
      triage: writeShare(sampling.triage),
      shadow: writeShare(sampling.shadow),
      grade: writeShare(sampling.grade),
      gradePerDay: sampling.gradePerDay ?? 0,
      control: writeShare(sampling.control),
      band: writeShare(sampling.band),
      ...(sampling.candidate === undefined ? {} : { candidate: writeShare(sampling.candidate) }),
    },
    limits: { ...route.limits },
    allowTools: route.allowTools,
    requireCertificate: route.requireCertificate,
    bodies: route.bodies,
    guarantee:
      guarantee === null
        ? null
        : {
            target: guarantee.target,
            atMost: writeShare(guarantee.atMost),
            confidence: writeShare(guarantee.confidence),
          },
    storm: storm === null ? null : { ...storm, rate: writeShare(storm.rate) },
    watch: { ...watch, objective: { ...watch.objective } },
    compare: writeCompare(route.compare),
    judge: judge === null ? null : { ...judge, share: writeShare(judge.share) },
  };
}

function writeCompare(compare: CompareChoice): JsonValue {
  switch (compare.kind) {
    case "json":
      return compare.fields === null ? "json" : { json: compare.fields };
    case "number": {
      const { absolute, relative } = compare;
      return { number: { absolute, relative: writeShare(relative) } };
    }
    case "label":
      return { label: compare.labels };
    default:
      return compare.kind;
  }
}

/** As a percentage where that reads back as the same double, else the number itself. */
function writeShare(share: number): string | number {
  const percent = Number(`${share}e2`);
  const text = `${percent}%`;
  const isExact = /^\d{1,3}(\.\d+)?%$/.test(text) && Number(`${percent}e-2`) === share;
  return isExact ? text : share;
}

function writeBytes(bytes: number): string | number {
  const mib = bytes / 1024 ** 2;
  return Number.isInteger(mib) ? `${mib} MiB` : bytes;
}
