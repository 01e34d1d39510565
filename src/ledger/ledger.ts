import type { Attempt, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { Route, RouteMode } from "../cascade/route.ts";
import type { LedgerPurges } from "./ledger-purges.ts";
import type { LedgerWatch } from "./ledger-watch.ts";
import type { Alert } from "./records/alert.ts";
import type { AnswerCounts } from "./records/answer-counts.ts";
import type { Evidence, EvidenceCount, Grade, TriageCount } from "./records/evidence.ts";
import type {
  EvidenceCountFilter,
  EvidenceFilter,
  EvidenceOf,
  RequestFilter,
} from "./records/filters.ts";
import type { Job, JobCount, JobEnd } from "./records/job.ts";
import type { ReplayBatch } from "./records/replay-batch.ts";
import type { WatchState } from "./records/watch-state.ts";
import type { BackgroundSpend, TotalsRow, TrafficSum } from "./records/traffic-sum.ts";

export type {
  EvidenceCountFilter,
  EvidenceFilter,
  EvidenceOf,
  RequestFilter,
} from "./records/filters.ts";

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
  | { readonly kind: "body"; readonly body: StoredBody }
  /**
   * Facts of an item. Of one that is there already the facts are replaced and the outcomes stay:
   * those come from grades. An outcome that comes with a new item, such as an imported label, counts
   * as the first of its kind and no retraction takes it away; with a known item it is left unread.
   * `onlyIfMissing` leaves an item that is there altogether as it is.
   */
  | {
      readonly kind: "evidence";
      readonly evidence: Evidence;
      readonly onlyIfMissing?: true;
    }
  /**
   * A verdict; the item's evidence is brought up to date in the same commit. Without that evidence
   * the append is rejected. The same id twice counts once.
   */
  | { readonly kind: "grade"; readonly grade: Grade }
  /** Takes a verdict back; an unknown id or one taken back already changes nothing. */
  | { readonly kind: "retraction"; readonly gradeId: string; readonly atMs: number }
  | { readonly kind: "job"; readonly job: Job }
  /**
   * Ends a lease. `tries` is the job's as its lease gave it: a worker whose lease ran out, so that
   * the job was given to another one, changes nothing.
   */
  | {
      readonly kind: "job_end";
      readonly jobId: string;
      readonly tries: number;
      readonly end: JobEnd;
    }
  /** Writes or replaces a batch of a replay. */
  | { readonly kind: "batch"; readonly batch: ReplayBatch }
  /** Writes or replaces what a detector remembers. */
  | { readonly kind: "watch_state"; readonly state: WatchState }
  /** Writes or replaces an alert; its end and its acknowledgement stay once they are written. */
  | { readonly kind: "alert"; readonly alert: Alert }
  /** As `addThresholdVersion`, in one commit with what led to it. */
  | { readonly kind: "threshold_version"; readonly version: ThresholdVersion };

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

/**
 * Audited look at evidence that a guarantee allows once. Kept whatever came of it: what makes a
 * second look unsound is that there was a first.
 */
export interface TuningLook {
  readonly id: string;
  readonly route: string;
  readonly createdAtMs: number;
  /** What the evidence was of (models and prompt), as JSON: looks at other evidence do not matter. */
  readonly subject: string;
  /** What was to be promised, as JSON. */
  readonly goal: string;
  /** Of the rows that were looked at: looking at the same ones again is no second look. */
  readonly dataHash: string;
  readonly labelledRows: number;
  /** Chance of a wrong certificate that this look has used up, 0–1. */
  readonly failureProbability: number;
  /** What was certified; null = nothing. */
  readonly certified: string | null;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Pass as `after` to get the next page; null at the end. */
  readonly next: string | null;
}

/** One import, whole or not at all. */
export interface ImportedItem {
  readonly evidence: Evidence;
  /** `request`, `answer:<tier>`, `ideal`; empty to keep no texts. */
  readonly bodies: readonly StoredBody[];
}

export interface ImportCount {
  readonly added: number;
  /** Were there already, from this file or another: the first stays. */
  readonly known: number;
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
export interface Ledger extends LedgerPurges, LedgerWatch {
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
  /**
   * The sums of `totals` over the whole time, one for each combination of the grouping words, in no
   * order. Of a long time whole UTC days are read, so that a year costs little more than a week.
   */
  trafficSums(filter: RequestFilter): Promise<readonly TrafficSum[]>;
  /**
   * From the start of the UTC hour that `sinceMs` is in, so that a cap errs on the safe side.
   *
   * @param whose all background calls, or those of judges only. Default `all`
   */
  backgroundSpend(
    route: string,
    sinceMs: number,
    whose?: "all" | "judge",
  ): Promise<BackgroundSpend>;

  /** Idempotent: the id is the hash of the content. */
  saveRouteVersion(version: RouteVersion): Promise<void>;
  routeVersion(id: string): Promise<RouteVersion | null>;
  addThresholdVersion(version: ThresholdVersion): Promise<void>;
  /** In reverse order of writing: the first one is in force, even where a clock was set back. */
  thresholdVersions(route: string): Promise<readonly ThresholdVersion[]>;
  addModeChange(change: ModeChange): Promise<void>;
  /** In the same order. */
  modeChanges(route: string): Promise<readonly ModeChange[]>;
  addTuningLook(look: TuningLook): Promise<void>;
  /** Oldest first. */
  tuningLooks(route: string): Promise<readonly TuningLook[]>;
  /** Grows with every threshold version and mode change, by any process. Cheap to poll. */
  settingsCounter(): Promise<number>;

  /**
   * The evidence of an item, one entry per tier that may ship or per candidate; empty when there is
   * none.
   *
   * @param of default `tiers`
   */
  evidenceOf(itemId: string, of?: EvidenceOf): Promise<readonly Evidence[]>;
  /** Pages like `requests`. */
  evidence(filter: EvidenceFilter, limit: number, after?: string): Promise<Page<Evidence>>;
  /** Sums over all evidence of whole UTC days; never scans items. */
  evidenceCounts(filter: EvidenceCountFilter): Promise<readonly EvidenceCount[]>;
  /** What `evidenceCounts` of a route says of its answers, at the cost of reading a sum. */
  answerCounts(filter: Required<RequestFilter>): Promise<AnswerCounts>;
  /** Sums over all triages of whole UTC days, graded or not; never scans records. */
  triageCounts(filter: RequestFilter): Promise<readonly TriageCount[]>;
  /** All verdicts on an item, taken-back ones included, oldest first. */
  grades(itemId: string): Promise<readonly Grade[]>;
  /** Verdicts of a kind, newest first; pages like `requests`. */
  gradesBy(by: Grade["by"], limit: number, after?: string): Promise<Page<Grade>>;
  /**
   * Adds all items, or none when the source throws or the process dies before all are handed over.
   * Then they are moved in, many at a time: others write in between, and can see a part of it. If the
   * move fails or its process dies, the next to open the ledger moves the rest. Items that are there
   * stay as they are.
   */
  importItems(items: AsyncIterable<readonly ImportedItem[]>): Promise<ImportCount>;

  /**
   * Takes up to `limit` due jobs for this worker; nobody else is given them until the lease ends.
   * Oldest first.
   */
  leaseJobs(kinds: readonly string[], limit: number, leaseMs: number): Promise<readonly Job[]>;
  /** As it stands, whoever works on it; null = there is none, or it ended long ago. */
  job(id: string): Promise<Job | null>;
  jobCounts(filter: RequestFilter): Promise<readonly JobCount[]>;
  /** Batches of a replay that are open, oldest first. */
  openBatches(route: string, dataset: string): Promise<readonly ReplayBatch[]>;

  /**
   * Marks sides that are still `pending` from an earlier process as `credential_gone`, unless a job
   * waits to fetch them (`shadowJobId`).
   */
  expirePendingPairs(startedBeforeMs: number): Promise<number>;
  /** Writes a consistent copy while the ledger is in use. The path must not exist yet. */
  backup(path: string): Promise<void>;
  health(): LedgerHealth;
  /**
   * Commits what is queued, then frees everything. What cannot be committed in a bounded time is
   * rejected and counts as lost.
   */
  close(): Promise<void>;
}
