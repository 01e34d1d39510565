import { REQUESTED_MODEL } from "../cascade/route.ts";
import { MODELS } from "../catalogue/models.ts";
import { alertProblems, noteAlerts } from "./check-alerts.ts";
import type { LeadsmanConfig, RouteConfig } from "./config.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { nearestName } from "./nearest-name.ts";
import { formatPath, type SettingPath } from "./setting-path.ts";
import { locate, type SettingSources } from "./setting-sources.ts";

/** What no setting shows alone: names that point nowhere, doors left open. */
export function checkConfig(
  config: LeadsmanConfig,
  sources: SettingSources,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (config.server.token === null && !isLoopback(config.server.host)) {
    const sentence =
      `server.host is ${JSON.stringify(config.server.host)}, which others can reach: ` +
      "wanted a server.token (or LEADSMAN_TOKEN), found none.";
    problems.push(
      locate(sources, ["server", "host"], "value", { code: "token_required", sentence }),
    );
  }
  const names = new Set<string>();
  for (const [index, route] of config.routes.entries()) {
    if (names.has(route.name)) {
      const sentence = `routes[${index}].name is "${route.name}", as an earlier route's already is.`;
      const path = ["routes", index, "name"];
      problems.push(locate(sources, path, "value", { code: "duplicate_route", sentence }));
    }
    names.add(route.name);
    problems.push(...unknownProviders(route, index, config, sources));
    problems.push(...judgeProblems(route, index, config, sources));
    problems.push(...candidateProblems(route, index, config, sources));
  }
  return [...problems, ...alertProblems(config, sources)];
}

function unknownProviders(
  route: RouteConfig,
  routeIndex: number,
  config: LeadsmanConfig,
  sources: SettingSources,
): readonly ConfigProblem[] {
  return route.tiers.flatMap(({ provider }, index) => {
    if (Object.hasOwn(config.providers, provider)) return [];
    const path = ["routes", routeIndex, "tiers", index, "provider"];
    const known = Object.keys(config.providers);
    const sentence =
      `routes[${routeIndex}].tiers[${index}].provider is "${provider}": ` +
      `wanted one of the providers ${known.join(", ")}.`;
    const didYouMean = nearestName(provider, known);
    return [locate(sources, path, "value", { code: "unknown_provider", sentence, didYouMean })];
  });
}

/** A judge is asked when no client's credential is at hand any more. */
function judgeProblems(
  { judge }: RouteConfig,
  routeIndex: number,
  { providers }: LeadsmanConfig,
  sources: SettingSources,
): readonly ConfigProblem[] {
  if (judge === null) return [];
  const path = ["routes", routeIndex, "judge", "provider"];
  const who = { code: "judge_without_key", name: "a judge" } as const;
  return keyProblems({ path, provider: judge.provider, who, providers, sources });
}

function candidateProblems(
  { candidates = [] }: RouteConfig,
  routeIndex: number,
  { providers }: LeadsmanConfig,
  sources: SettingSources,
): readonly ConfigProblem[] {
  const who = { code: "candidate_without_key", name: "a candidate" } as const;
  return candidates.flatMap(({ provider }, index) => {
    const path = ["routes", routeIndex, "candidates", index, "provider"];
    return keyProblems({ path, provider, who, providers, sources });
  });
}

interface KeyedCall {
  /** Where the provider is named. */
  readonly path: SettingPath;
  readonly provider: string;
  /** Who is asked when the client is gone, and the code of its problem. */
  readonly who: { readonly code: ConfigProblem["code"]; readonly name: string };
  readonly providers: LeadsmanConfig["providers"];
  readonly sources: SettingSources;
}

/** Who is asked when no client's credential is at hand any more needs a provider with its own. */
function keyProblems(call: KeyedCall): readonly ConfigProblem[] {
  const { path, provider, who, providers, sources } = call;
  const found = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  const start = `${formatPath(path)} is "${provider}"`;
  if (found === undefined) {
    const known = Object.keys(providers);
    const sentence = `${start}: wanted one of the providers ${known.join(", ")}.`;
    const didYouMean = nearestName(provider, known);
    return [locate(sources, path, "value", { code: "unknown_provider", sentence, didYouMean })];
  }
  if (found.kind === "simulated" || found.auth.kind === "api_key") return [];
  const sentence =
    `${start}, which passes the client's credential through: wanted a provider with an apiKey, ` +
    `as ${who.name} is asked when the client is gone.`;
  return [locate(sources, path, "value", { code: who.code, sentence })];
}

/** What is allowed but may surprise: sentences for `config check` and the start of the gateway. */
export function noteConfig(config: LeadsmanConfig): readonly string[] {
  const { server, providers, routes } = config;
  const notes: string[] = [];
  if (!config.ledger.url.startsWith("sqlite:")) {
    notes.push(
      "ledger.url names a PostgreSQL server, which this release cannot use yet: the gateway will " +
        "refuse to start. Write sqlite:<path>.",
    );
  }
  if (["0.0.0.0", "::", "[::]"].includes(server.host) && server.allowedHosts.length === 0) {
    notes.push(
      `server.host is ${server.host}, but server.allowedHosts names no host: requests that ` +
        "name anything but a loopback host are refused with status 421.",
    );
  }
  for (const [name, provider] of Object.entries(providers)) {
    if (provider.kind === "simulated") {
      notes.push(`Provider ${name} is simulated: its answers come from no real model.`);
    } else if (provider.auth.kind === "passthrough") {
      notes.push(
        `Provider ${name} passes the client's credential through: durable jobs, judge and ` +
          "replay need an apiKey, and background work that a restart interrupts is given up.",
      );
    }
  }
  if (routes.length === 0) notes.push("There are no routes: every request passes through.");
  const ofRoutes = routes.flatMap((route) => noteRoute(route, config));
  return [...notes, ...ofRoutes, ...noteAlerts(config.alerts)];
}

function noteRoute(route: RouteConfig, config: LeadsmanConfig): readonly string[] {
  const notes: string[] = [];
  const note = (sentence: string): unknown => notes.push(`Route ${route.name}: ${sentence}`);
  for (const { model } of [...route.tiers, ...(route.candidates ?? [])]) {
    if (model === REQUESTED_MODEL || isKnownModel(model, config)) continue;
    note(
      `model ${model} is not in the price table, so its calls are unpriced unless prices has it.`,
    );
  }
  if (route.tiers.at(-1)?.model === REQUESTED_MODEL) {
    note(`its last tier is the requested model, so clients cannot call leadsman/${route.name}.`);
  }
  if (route.tiers.length === 1) note("it has one tier, so there is nothing to triage with.");
  const isLive = typeof route.mode === "object" || route.mode === "live";
  if (isLive && !route.requireCertificate) {
    note("it ships before any threshold was certified, as requireCertificate is false.");
  }
  if (route.candidates !== undefined && !isLive) {
    note(
      "its candidates wait: they are tried on escalated requests, and outside live none escalates.",
    );
  }
  if (route.judge !== null && route.tiers.at(-1)?.model === REQUESTED_MODEL) {
    note(`answers of ${route.judge.model} are not judged where a client asks for that very model.`);
  }
  if (route.judge !== null && !isKnownModel(route.judge.model, config)) {
    note(
      `its judge ${route.judge.model} is not in the price table, so its first call counts as its ` +
        "whole limit for the day, unless prices has it or usdPerDay is null.",
    );
  }
  if (route.bodies === "none") {
    note("bodies is none, so answers are neither compared nor judged: there are no texts.");
  }
  return notes;
}

function isKnownModel(name: string, config: LeadsmanConfig): boolean {
  return (
    MODELS.some(({ id, aliases }) => id === name || aliases.includes(name)) ||
    config.prices.some(({ model }) => model === name)
  );
}

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}
