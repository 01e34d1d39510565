import type { Attempt, NanoUsd, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { Route, RouteMode } from "../cascade/route.ts";

/** A stored text. `role` says whose: the client's request or the answer of one attempt. */
export interface StoredBody {
  readonly requestId: string;
  /** `request`, or `answer:<attempt index>`. */
  readonly part: string;
  readonly bytes: Uint8Array;
}

/** One thing to write. Entries of one `append` are committed together or not at all. */
export type LedgerEntry =
  | { readonly kind: "request"; readonly record: RequestRecord }
  /**
   * An attempt that ended after its request's record was written (background calls). Without that
   * record the append is rejected.
   */
  | { readonly kind: "attempt"; readonly requestId: string; readonly attempt: Attempt }
  /** Writes or replaces the pair of a request. */
  | { readonly kind: "pair"; readonly pair: ShadowPair }
  | { readonly kind: "body"; readonly body: StoredBody };

/** The content of a route at one time; its id is the hash of its content. */
export interface RouteVersion {
  readonly id: string;
  readonly createdAtMs: number;
  readonly route: Route;
}

/** Audited setting of a threshold. */
export interface ThresholdVersion {
  readonly id: string;
  readonly route: string;
  readonly tier: number;
  readonly threshold: number;
  /** The configured value at the time: when that changes, this version no longer counts. */
  readonly configuredThreshold: number;
  readonly createdAtMs: number;
  readonly reason: string;
  /** `operator`, or the part of Leadsman that moved it. */
  readonly by: string;
  /** Evidence as JSON; null for a plain setting. */
  readonly certificate: string | null;
}

/** Audited change of a route's mode. Holds until the configured mode itself changes. */
export interface ModeChange {
  readonly id: string;
  readonly route: string;
  readonly mode: RouteMode;
  readonly configuredMode: RouteMode;
  readonly createdAtMs: number;
  readonly reason: string;
  readonly by: string;
}

/** A sum over requests of one combination of the grouping words. */
export interface TotalsRow {
  readonly route: string | null;
  readonly task: string | null;
  readonly mode: string | null;
  readonly decision: string;
  readonly reason: string | null;
  /** Start of the UTC hour. */
  readonly hourMs: number;
  readonly requests: number;
  /** Requests with an attempt whose price is not known; their known part is in the sums. */
  readonly unpricedRequests: number;
  readonly estimatedRequests: number;
  readonly costNanoUsd: NanoUsd;
  /** Over requests with a known all-deep cost only; `allDeepRequests` counts them. */
  readonly allDeepNanoUsd: NanoUsd;
  readonly allDeepRequests: number;
  /** Cost of the requests that `allDeepNanoUsd` is about: compare like with like. */
  readonly comparableCostNanoUsd: NanoUsd;
  readonly measuredAllDeepRequests: number;
  readonly latencyMsSum: number;
}

/** Cost of background calls of requests since a time, for the daily cap. */
export interface BackgroundSpend {
  readonly costNanoUsd: NanoUsd;
  readonly unpricedAttempts: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Pass as `after` to get the next page; null at the end. */
  readonly next: string | null;
}

export interface RequestFilter {
  /** Inclusive, epoch milliseconds. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  readonly route?: string;
}

/** What the ledger says of itself; everything here is cheap to ask. */
export interface LedgerHealth {
  readonly isWritable: boolean;
  readonly queuedEntries: number;
  readonly queuedBytes: number;
  readonly committedEntries: number;
  /** Entries given up because the spill was full, or still waiting when the ledger was closed. */
  readonly lostEntries: number;
  /** The latest failure, also of the past; null when there was none. */
  readonly lastError: string | null;
}

/**
 * The one store of records. Writers get a promise that resolves when the entries are committed so
 * that a killed process cannot lose them; it rejects with a `LeadsmanError` (`ledger_failed`,
 * `ledger_spill_full`, `ledger_closed`).
 */
export interface Ledger {
  /** A record or attempt that is already there counts once: the first stays, nothing is added. */
  append(entries: readonly LedgerEntry[]): Promise<void>;

  /** The record with all attempts, background ones included, or null. */
  request(id: string): Promise<RequestRecord | null>;
  pair(requestId: string): Promise<ShadowPair | null>;
  body(requestId: string, part: string): Promise<Uint8Array | null>;
  /**
   * Newest first, 1 to 1000 rows. Rows that come in meanwhile neither shift nor repeat later pages.
   * Rejects with `invalid_page` for any other limit and for a cursor that is none.
   */
  requests(filter: RequestFilter, limit: number, after?: string): Promise<Page<RequestRecord>>;
  pairs(filter: RequestFilter, limit: number, after?: string): Promise<Page<ShadowPair>>;
  /**
   * From hourly roll-ups, oldest hour first; never scans records. Whole UTC hours: an hour counts
   * when any part of it is in the filter's time.
   */
  totals(filter: RequestFilter): Promise<readonly TotalsRow[]>;
  /** From the start of the UTC hour that `sinceMs` is in, so that a cap errs on the safe side. */
  backgroundSpend(route: string, sinceMs: number): Promise<BackgroundSpend>;

  /** Idempotent: the id is the hash of the content. */
  saveRouteVersion(version: RouteVersion): Promise<void>;
  routeVersion(id: string): Promise<RouteVersion | null>;
  addThresholdVersion(version: ThresholdVersion): Promise<void>;
  /** Newest first. */
  thresholdVersions(route: string): Promise<readonly ThresholdVersion[]>;
  addModeChange(change: ModeChange): Promise<void>;
  modeChanges(route: string): Promise<readonly ModeChange[]>;
  /** Grows with every threshold version and mode change, by any process. Cheap to poll. */
  settingsCounter(): Promise<number>;

  /** Marks sides that are still `pending` from an earlier process as `credential_gone`. */
  expirePendingPairs(startedBeforeMs: number): Promise<number>;
  /** Deletes bodies older than this; returns how many. */
  purgeBodies(olderThanMs: number): Promise<number>;
  /** Writes a consistent copy while the ledger is in use. The path must not exist yet. */
  backup(path: string): Promise<void>;
  health(): LedgerHealth;
  /**
   * Commits what is queued, then frees everything. What cannot be committed in a bounded time is
   * rejected and counts as lost.
   */
  close(): Promise<void>;
}
