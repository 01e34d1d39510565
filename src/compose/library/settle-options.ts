import { CLASSIFICATION_PROTOCOL } from "../../cascade/classify.ts";
import {
  REQUESTED_MODEL,
  type ProtocolChoice,
  type Route,
  type RouteMode,
  type Sampling,
  type Tier,
} from "../../cascade/route.ts";
import { nearestName } from "../../config/nearest-name.ts";
import { systemClock } from "../../support/clock.ts";
import { createIdSource } from "../../support/ids.ts";
import { isJsonObject } from "../../support/json.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { systemRandomBytes } from "../../support/system-random.ts";
import {
  CASCADE_DEFAULTS,
  CLASSIFY_THRESHOLD,
  type CascadeOptions,
  type CascadeSettings,
} from "./cascade-options.ts";
import { settleComparator } from "./settle-comparator.ts";
import { settleProviders, type SettledProviders } from "./settle-providers.ts";

/**
 * Checks what a cascade is to be made of and completes it. Callers without types get the same
 * checks, so nothing here trusts the declared ones.
 *
 * @throws LeadsmanError `invalid_cascade`: "Cannot create cascade: wanted, found"
 */
export function settleOptions(options: CascadeOptions): CascadeSettings {
  checkObject(options);
  checkNames("option", options, OPTION_NAMES);
  const name = checkedName(options.name ?? CASCADE_DEFAULTS.name);
  const threshold = options.threshold ?? CASCADE_DEFAULTS.threshold;
  if (!isShare(threshold)) throw invalid(`threshold must be in 0–1, found ${shown(threshold)}`);
  const ledger = checkedLedger(options.ledger ?? null);
  const comparator = settleComparator(options.compare ?? null, ledger !== null);
  const sampling = checkedSampling(options.sampling ?? {}, ledger !== null);
  const kept = {
    matchModel: null,
    mode: checkedMode(options.mode ?? CASCADE_DEFAULTS.mode),
    sampling,
    limits: {
      triageTimeoutMs: checkedTimeout(options.triageTimeoutMs ?? CASCADE_DEFAULTS.triageTimeoutMs),
      backgroundUsdPerDay: CASCADE_DEFAULTS.backgroundUsdPerDay,
    },
    allowTools: checkedFlag("allowTools", options.allowTools ?? false),
    requireCertificate: false,
    bodies: "graded",
  } as const;
  const protocol = checkedProtocol(options.protocol ?? "envelope");
  const given = checkedTiers(options.tiers);
  const clock = options.clock ?? systemClock;
  // Last, since it may open something that nobody would close if a later check threw.
  const settled = settleProviders(options.provider);
  const tiersAt = (start: number, mayVary: boolean): readonly Tier[] =>
    given.map((tier, index) => ({
      model: tier.model,
      provider: providerOf(tier, settled),
      threshold:
        index === given.length - 1 ? null : ((mayVary ? tier.threshold : undefined) ?? start),
    }));
  const route: Route = { ...kept, name, tiers: tiersAt(threshold, true), protocol };
  const classifyRoute: Route = {
    ...kept,
    name: `${name}-classify`,
    tiers: tiersAt(CLASSIFY_THRESHOLD, false),
    protocol: CLASSIFICATION_PROTOCOL,
  };
  return {
    route,
    classifyRoute,
    ...settled,
    ledger,
    comparator,
    clock,
    requestIds: options.requestIds ?? createIdSource("req_", clock, systemRandomBytes),
  };
}

const OPTION_NAMES: readonly string[] = [
  ...["tiers", "threshold", "provider", "protocol", "sampling", "ledger", "compare"],
  ...["allowTools", "triageTimeoutMs", "mode", "name", "clock", "requestIds"],
];
const TIER_NAMES: readonly string[] = ["model", "provider", "threshold"];
const SAMPLING_NAMES: readonly (keyof Sampling)[] = [
  ...(["triage", "shadow", "grade", "control", "band"] as const),
];
/** Shares whose evidence is a stored pair. */
const NEEDS_LEDGER: readonly (keyof Sampling)[] = ["triage", "shadow", "band"];

const MAX_TIERS = 8;
const MAX_TIMEOUT_MS = 86_400_000;
const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,47}$/;

interface GivenTier {
  readonly model: string;
  readonly provider: string | null;
  readonly threshold: number | undefined;
}

function checkedTiers(tiers: unknown): readonly GivenTier[] {
  if (!Array.isArray(tiers) || tiers.length < 1 || tiers.length > MAX_TIERS) {
    const found = Array.isArray(tiers) ? `${tiers.length} of them` : shown(tiers);
    throw invalid(`tiers must be a list of 1 to ${MAX_TIERS} models, found ${found}`);
  }
  return tiers.map((tier: unknown, index) => checkedTier(tier, index, tiers.length));
}

function checkedTier(tier: unknown, index: number, count: number): GivenTier {
  const object: unknown = typeof tier === "string" ? { model: tier } : tier;
  const place = `tier ${index + 1}`;
  if (!isJsonObject(object)) {
    throw invalid(`${place} must be a model name or { model }, found ${shown(tier)}`);
  }
  checkNames(`member of ${place}`, object, TIER_NAMES);
  const { model, provider = null, threshold } = object;
  if (typeof model !== "string" || model.trim() === "") {
    throw invalid(`the model of ${place} must be a name, found ${shown(model)}`);
  }
  const isLast = index === count - 1;
  if (model === REQUESTED_MODEL && !isLast) {
    throw invalid(`"${REQUESTED_MODEL}" must be the last tier, found it as ${place}`);
  }
  if (provider !== null && typeof provider !== "string") {
    throw invalid(`provider of tier "${model}" must be a name, found ${shown(provider)}`);
  }
  if (threshold === undefined) return { model, provider, threshold };
  const subject = `threshold of tier "${model}"`;
  if (isLast) {
    const why = "the last tier answers whatever reaches it";
    throw invalid(`${subject} must be left out, since ${why}, found ${shown(threshold)}`);
  }
  if (!isShare(threshold)) throw invalid(`${subject} must be in 0–1, found ${shown(threshold)}`);
  return { model, provider, threshold };
}

function providerOf(tier: GivenTier, { providers, defaultProvider }: SettledProviders): string {
  const name = tier.provider ?? defaultProvider;
  if (name !== null && providers.has(name)) return name;
  const wanted = [...providers.keys()].join(", ");
  const found = tier.provider === null ? "none" : shown(tier.provider);
  throw invalid(`provider of tier "${tier.model}" must be one of ${wanted}, found ${found}`);
}

function checkedProtocol(protocol: unknown): ProtocolChoice {
  if (protocol === "envelope") return { kind: "envelope" };
  const field = isJsonObject(protocol) ? protocol["field"] : undefined;
  if (typeof field === "string" && field !== "") return { kind: "field", field };
  throw invalid(`protocol must be "envelope" or { field: name }, found ${shown(protocol)}`);
}

function checkedSampling(sampling: object, hasLedger: boolean): Sampling {
  checkNames("member of sampling", sampling, SAMPLING_NAMES);
  const settled: Sampling = { ...CASCADE_DEFAULTS.sampling, ...sampling };
  for (const name of SAMPLING_NAMES) {
    const share: unknown = settled[name];
    if (!isShare(share)) throw invalid(`sampling.${name} must be in 0–1, found ${shown(share)}`);
    if (share > 0 && !hasLedger && NEEDS_LEDGER.includes(name)) {
      const why = "without a ledger, which would keep what it gathers";
      throw invalid(`sampling.${name} must be 0 ${why}, found ${share}`);
    }
  }
  return settled;
}

function checkedMode(mode: unknown): RouteMode {
  if (mode === "off" || mode === "shadow" || mode === "live") return mode;
  const canary = isJsonObject(mode) ? mode["canary"] : undefined;
  if (isShare(canary)) return { canary };
  throw invalid(`mode must be off, shadow, live or { canary: 0–1 }, found ${shown(mode)}`);
}

function checkedTimeout(ms: unknown): number {
  if (typeof ms === "number" && Number.isSafeInteger(ms) && ms > 0 && ms <= MAX_TIMEOUT_MS) {
    return ms;
  }
  const wanted = `a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`;
  throw invalid(`triageTimeoutMs must be ${wanted}, found ${shown(ms)}`);
}

function checkedFlag(name: string, flag: unknown): boolean {
  if (typeof flag === "boolean") return flag;
  throw invalid(`${name} must be true or false, found ${shown(flag)}`);
}

function checkedName(name: unknown): string {
  if (typeof name === "string" && NAME_PATTERN.test(name)) return name;
  throw invalid(`name must be 1 to 48 of a–z, 0–9 and "-", found ${shown(name)}`);
}

function checkedLedger(ledger: CascadeSettings["ledger"]): CascadeSettings["ledger"] {
  if (ledger === null || typeof ledger.append === "function") return ledger;
  throw invalid(`ledger must be an open ledger or null, found ${shown(ledger)}`);
}

function checkObject(options: unknown): void {
  if (isJsonObject(options)) return;
  throw invalid(`options must be an object with tiers and a provider, found ${shown(options)}`);
}

function checkNames(what: string, object: object, known: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === null ? "" : `; did you mean "${nearest}"?`;
    throw invalid(`every ${what} must be one of ${known.join(", ")}, found "${name}"${hint}`);
  }
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** Objects may hold secrets, so they are only named. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}

function invalid(what: string): LeadsmanError {
  return new LeadsmanError("invalid_cascade", `Cannot create cascade: ${what}`);
}
