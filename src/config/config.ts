import type { CompareChoice, JudgeChoice } from "../cascade/grading-choice.ts";
import type { Route } from "../cascade/route.ts";
import type { ModelOverride } from "../catalogue/model-override.ts";
import type { AlertsConfig } from "./alerts-config.ts";

/** Everything that can be set, validated, complete and deeply frozen. */
export interface LeadsmanConfig {
  /** Version of the file's vocabulary. */
  readonly version: 1;
  readonly server: ServerConfig;
  /** By name. There is always one named `anthropic`. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** In the order of matching. Empty means that every request passes through. */
  readonly routes: readonly RouteConfig[];
  /** What the user says about models; a later entry for the same model wins. */
  readonly prices: readonly ModelOverride[];
  readonly ledger: LedgerConfig;
  readonly telemetry: TelemetryConfig;
  readonly alerts: AlertsConfig;
}

/** The gateway's own door. */
export interface ServerConfig {
  /** Host name or address to listen on. Default 127.0.0.1. */
  readonly host: string;
  /** 0–65,535; 0 = any free port. Default 8787. */
  readonly port: number;
  /** Secret that clients send as `x-leadsman-token`; null only on loopback. */
  readonly token: string | null;
  /** Host names answered besides loopback names and `host`; `*` = any. Default none. */
  readonly allowedHosts: readonly string[];
  /** A stream without an outcome after this many milliseconds is opened. Default 15,000. */
  readonly earlyOpenMs: number;
  /** Message calls in flight; more are answered 529. Default 1,000. */
  readonly maxConcurrent: number;
  /** Request bytes held in memory by all calls together. Default 512 MiB. */
  readonly maxInFlightBytes: number;
  /** Bytes of one message call, on the wire and decoded. Default 32 MiB. */
  readonly maxBodyBytes: number;
  /** How long calls may end after a stop signal. Default 30,000. */
  readonly drainMs: number;
  /** Until a client has sent its request's headers. Default 60,000. */
  readonly headersTimeoutMs: number;
  /** Until a client has sent its whole request. Default 300,000. */
  readonly requestTimeoutMs: number;
}

export const PROVIDER_KINDS = ["anthropic", "simulated"] as const;

/** Whoever answers upstream calls. */
export type ProviderConfig = AnthropicProviderConfig | SimulatedProviderConfig;

export interface AnthropicProviderConfig {
  readonly kind: "anthropic";
  /** Without a slash at the end and without `/v1`. Default https://api.anthropic.com. */
  readonly baseUrl: string;
  readonly auth: ProviderAuth;
  readonly timeouts: ProviderTimeouts;
}

/** Answers of its own making, for trials without a key. Never a real model. */
export interface SimulatedProviderConfig {
  readonly kind: "simulated";
  readonly timeouts: ProviderTimeouts;
}

export type ProviderAuth =
  /** The client's own credential, held in memory for its own request only. */
  { readonly kind: "passthrough" } | { readonly kind: "api_key"; readonly apiKey: string };

/** Limits of one upstream call in milliseconds; the shape of the provider contract's timeouts. */
export interface ProviderTimeouts {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

/** A route with what tuning and watching are to do about it. */
export interface RouteConfig extends Route {
  /** What `tune` is to prove; null = nothing asked. */
  readonly guarantee: GuaranteeConfig | null;
  /** Storms of escalations; null = never told. Default: above 35 %, told. */
  readonly storm: StormConfig | null;
  readonly watch: WatchConfig;
  /** How cheap and deep answers are held against each other. Default `text`. */
  readonly compare: CompareChoice;
  /** Who else says whether answers are right; null = no model does. */
  readonly judge: JudgeChoice | null;
}

export const GUARANTEE_TARGETS = ["joint", "selective", "relative"] as const;
export type GuaranteeTarget = (typeof GUARANTEE_TARGETS)[number];

export interface GuaranteeConfig {
  /**
   * `joint`: shipped and wrong, of all requests. `selective`: wrong, of the shipped ones.
   * `relative`: accuracy lost against the last tier. Default `joint`.
   */
  readonly target: GuaranteeTarget;
  /** Share, 0–1. Default 0.05. */
  readonly atMost: number;
  /** Probability that the claim holds, 0–1. Default 0.95. */
  readonly confidence: number;
}

export interface StormConfig {
  /** Escalation rate (0–1) above which there is a storm. Default 0.35. */
  readonly rate: number;
  /** Default `alert`. */
  readonly policy: (typeof STORM_POLICIES)[number];
}

export const STORM_POLICIES = ["alert", "bypass"] as const;

/** Whether a threshold moves by itself, is only told that it should, or neither. */
export const MOVE_POLICIES = ["auto", "alert", "off"] as const;

export interface WatchConfig {
  /** Default `auto`: it fails safe. */
  readonly raise: (typeof MOVE_POLICIES)[number];
  /** Default `alert`. */
  readonly lower: (typeof MOVE_POLICIES)[number];
  readonly objective: {
    /** Mean cost of a request in US dollars; null = not asked. */
    readonly usdPerRequest: number | null;
    /** Null = not asked. */
    readonly p95LatencyMs: number | null;
  };
}

export const LEDGER_FAILURE_POLICIES = ["serve", "refuse"] as const;

export interface LedgerConfig {
  /** `sqlite:<path>` or `postgres://…`. Default `sqlite:.leadsman/ledger.db`. */
  readonly url: string;
  /** What happens to answers while records cannot be written. Default `serve`. */
  readonly onFailure: (typeof LEDGER_FAILURE_POLICIES)[number];
  /** How long the end of a response waits for its record. Default 2,000. */
  readonly commitTimeoutMs: number;
  /** Memory for records that wait for the ledger. Default 64 MiB. */
  readonly spillBytes: number;
  /** Days that stored texts are kept; numbers stay. Default 14. */
  readonly bodyRetentionDays: number;
}

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What the gateway tells those who run it. Never holds a text of any request. */
export interface TelemetryConfig {
  readonly metrics: MetricsConfig;
  readonly traces: TracesConfig;
  readonly logs: LogsConfig;
}

export interface MetricsConfig {
  /** Whether `/metrics` is served. Default true. */
  readonly enabled: boolean;
  /** Opens `/metrics` and nothing else; null = only the gateway's token does, where there is one. */
  readonly token: string | null;
}

export interface TracesConfig {
  /** Where spans go, as OTLP over HTTP; null = to no place of ours. */
  readonly endpoint: string | null;
  /** Whether upstream is told of the trace, in `traceparent`. Default false. */
  readonly propagate: boolean;
}

export interface LogsConfig {
  /** Of the JSON log; words for a person on a terminal are not affected. Default `info`. */
  readonly level: LogLevel;
  /** `text` = for people, `json` = a line of JSON for each event. Default `text`. */
  readonly format: LogFormat;
}
