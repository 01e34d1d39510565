/** One step of a cascade. */
export interface Tier {
  /** A model id, or `requested`: the model that the client named. */
  readonly model: string;
  /** Name of a configured provider. */
  readonly provider: string;
  /**
   * Confidence (0–1) from which this tier's answer ships, compared with `>=` on doubles. `null` on
   * the last tier, which answers whatever reaches it. 1.01 (see `NEVER_SHIP`) means never.
   */
  readonly threshold: number | null;
}

/** A model that is tried as a middle tier, before the last one. It answers nobody. */
export type CandidateModel = Pick<Tier, "model" | "provider">;

/** The model word that stands for what the client asked for. */
export const REQUESTED_MODEL = "requested";

/** The threshold above every confidence: the tier never ships. */
export const NEVER_SHIP = 1.01;

/** How a route treats its traffic; `canary` is a share (0–1) that runs live, the rest shadow. */
export type RouteMode = "off" | "shadow" | "live" | { readonly canary: number };

/** How a tier states its confidence. */
export type ProtocolChoice =
  | { readonly kind: "envelope" }
  /** The client's own output schema has a top-level number of this name. */
  | { readonly kind: "field"; readonly field: string };

/** Shares between 0 and 1; 0 means none. */
export interface Sampling {
  /** In shadow: share of requests that also get a triage. Default 1. */
  readonly triage: number;
  /** In live: share of shipped answers that also get a deep answer. Default 0.01. */
  readonly shadow: number;
  /**
   * In live: share of shipped answers to be graded. Default 0.01. Answers just above the threshold
   * are drawn more often than others, see `confidenceFactor`.
   */
  readonly grade: number;
  /** In live: the share is raised so that a day has as many graded; absent or 0 = no floor. */
  readonly gradePerDay?: number;
  /** In live: share sent deep without triage, to measure. Default 0.01. */
  readonly control: number;
  /** In live: share of near misses whose triage may run to its end. Default 0.05. */
  readonly band: number;
  /**
   * In live: share of escalated requests that the route's candidates are asked about as well. Absent
   * or 0 = none.
   */
  readonly candidate?: number;
}

export interface RouteLimits {
  /** A triage without a confidence after this many milliseconds escalates. Default 10,000. */
  readonly triageTimeoutMs: number;
  /** Spending cap of background calls per UTC day in US dollars; null = none. Default 50. */
  readonly backgroundUsdPerDay: number | null;
}

/** Which bodies the ledger keeps. */
export const BODY_POLICIES = ["all", "graded", "none"] as const;
export type BodyPolicy = (typeof BODY_POLICIES)[number];

/** A named cascade with what it applies to and how it behaves. */
export interface Route {
  readonly name: string;
  /**
   * Applies to requested models that fit this pattern; null = by name only. `*` is any text, blanks
   * part alternatives, and what follows a `!` is excluded: `claude-* !claude-haiku-*`.
   */
  readonly matchModel: string | null;
  /** At least one. All but the last carry a threshold. */
  readonly tiers: readonly Tier[];
  readonly mode: RouteMode;
  readonly protocol: ProtocolChoice;
  readonly sampling: Sampling;
  readonly limits: RouteLimits;
  /** Whether requests that offer tools may be triaged. Default false. */
  readonly allowTools: boolean;
  /** Live only with a certified threshold, else the route stays in shadow. Default false. */
  readonly requireCertificate: boolean;
  readonly bodies: BodyPolicy;
  /** Tried beside the last tier to learn whether one would pay as a tier; absent = none. */
  readonly candidates?: readonly CandidateModel[];
}
