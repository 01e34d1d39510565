import type { Route, RouteMode, Sampling } from "../../cascade/route.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Comparator } from "../../quality/comparators/comparator.ts";
import type { SayTheSame } from "../../quality/comparators/own-function.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Clock } from "../../support/clock.ts";
import type { IdSource } from "../../support/ids.ts";

/** What a cascade is made of. Only `tiers` and `provider` are required. */
export interface CascadeOptions {
  /**
   * 1–8 models, cheapest first; each a name or an object. The last one may be `requested`: the
   * model that the call names.
   */
  readonly tiers: readonly (string | TierOption)[];
  /** Confidence (0–1) from which a tier's answer ships; a tier may have its own. Default 0.8. */
  readonly threshold?: number;
  /** Who answers: one for all tiers, or several by name. */
  readonly provider: ProviderOption | Readonly<Record<string, ProviderOption>>;
  /**
   * `envelope`: the cheap model is asked for its confidence. `{ field }`: the output schema of the
   * calls has a top-level number of that name. Default `envelope`.
   */
  readonly protocol?: "envelope" | { readonly field: string };
  /** Shares (0–1) of requests to measure with. Default all 0; most need a ledger. */
  readonly sampling?: Partial<Omit<Sampling, "gradePerDay">>;
  /** Where records go; it stays the caller's to close. Default null: nothing is kept. */
  readonly ledger?: Ledger | null;
  /**
   * How cheap and deep answers of a sample are held against each other, in the background: a word, or
   * a function of the two texts that says whether they come to the same. Needs a ledger. Default
   * null: they are not.
   */
  readonly compare?: CompareOption | null;
  /** Whether requests that offer tools may be triaged. Default false. */
  readonly allowTools?: boolean;
  /** A triage without a confidence after this many milliseconds escalates. Default 10,000. */
  readonly triageTimeoutMs?: number;
  /** Default `live`. */
  readonly mode?: RouteMode;
  /** Name in records: `[a-z0-9-]`, at most 48 characters. Default `default`. */
  readonly name?: string;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Ids of requests and receipts. Default: `req_` and 26 characters that sort by time. */
  readonly requestIds?: IdSource;
}

export const COMPARE_WORDS = ["exact", "text", "json", "number"] as const;
export type CompareOption = (typeof COMPARE_WORDS)[number] | SayTheSame;

export interface TierOption {
  readonly model: string;
  /** One of the named providers. Default: the only one, or `anthropic`. */
  readonly provider?: string;
  /** 0–1. Default: that of the cascade. Not on the last tier, which answers whatever comes. */
  readonly threshold?: number;
}

/** A provider that the caller closes, or a key for one that the cascade opens and closes. */
export type ProviderOption = Provider | ApiAccess;

/** Access to the Messages API of the vendor, or of a server that speaks it. */
export interface ApiAccess {
  /** Sent as `x-api-key`. */
  readonly apiKey: string;
  /** Default `https://api.anthropic.com`. */
  readonly baseUrl?: string;
}

/** The same, checked and complete. */
export interface CascadeSettings {
  /** For messages. */
  readonly route: Route;
  /** For classifications. */
  readonly classifyRoute: Route;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Those among them that the cascade has opened itself. */
  readonly ownProviders: readonly Provider[];
  readonly ledger: Ledger | null;
  /** Null: answers are not compared. */
  readonly comparator: Comparator | null;
  readonly clock: Clock;
  readonly requestIds: IdSource;
}

interface CascadeDefaults {
  readonly name: string;
  readonly threshold: number;
  readonly sampling: Sampling;
  readonly triageTimeoutMs: number;
  /** Of background calls, which only a caller's own `sampling` makes. */
  readonly backgroundUsdPerDay: number;
  readonly mode: RouteMode;
  readonly baseUrl: string;
}

export const CASCADE_DEFAULTS: CascadeDefaults = {
  name: "default",
  threshold: 0.8,
  sampling: { triage: 0, shadow: 0, grade: 0, control: 0, band: 0 },
  triageTimeoutMs: 10_000,
  backgroundUsdPerDay: 50,
  mode: "live",
  baseUrl: "https://api.anthropic.com",
};

/** Threshold of classifications that name none: a label is either right or wrong, never half. */
export const CLASSIFY_THRESHOLD = 0.7;
