/** One metric: its name and labels are a contract with dashboards and alert rules. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  /** What it counts and what it does not; shown by `/metrics` and in docs/telemetry.md. */
  readonly help: string;
}

/** From a local answer to the longest that a deep model thinks. */
const SECONDS: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];

/** What the gateway itself takes is counted in parts of a millisecond. */
const SHORT_SECONDS: readonly number[] = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];

/** Models state a handful of round values. */
const CONFIDENCES: readonly number[] = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1,
];

/**
 * All metrics of our own, in the order of the page. Units are base units and stand in the name.
 * Labels are bounded: names of the configuration and words of closed vocabularies, never an id and
 * never what a client made up.
 */
export const METRICS = {
  requests: {
    name: "leadsman_requests_total",
    kind: "counter",
    labels: ["route", "decision"],
    help: "Client calls by what became of them. Calls refused before they were served are not in it.",
  },
  escalations: {
    name: "leadsman_escalations_total",
    kind: "counter",
    labels: ["route", "reason"],
    help: "Requests that went on to the last tier, by the reason why the last triage did not ship.",
  },
  bypasses: {
    name: "leadsman_bypasses_total",
    kind: "counter",
    labels: ["route", "reason"],
    help: "Requests that were not eligible for triage, by reason.",
  },
  errors: {
    name: "leadsman_request_errors_total",
    kind: "counter",
    labels: ["route", "class"],
    help: "Client calls that got no answer of a model: class is 4xx, 5xx or client_left.",
  },
  attempts: {
    name: "leadsman_attempts_total",
    kind: "counter",
    labels: ["route", "leg", "model", "outcome"],
    help: "Upstream calls by what they were for and how they ended. Outcome aborted is a triage closed early, client_left one closed because nobody waited any more.",
  },
  attemptSeconds: {
    name: "leadsman_attempt_duration_seconds",
    kind: "histogram",
    labels: ["leg", "model"],
    help: "Upstream calls from sending to their end.",
  },
  requestSeconds: {
    name: "leadsman_request_duration_seconds",
    kind: "histogram",
    labels: ["route"],
    help: "Message calls from the last byte of the request to the end of the answer, without the wait for the ledger.",
  },
  overheadSeconds: {
    name: "leadsman_overhead_seconds",
    kind: "histogram",
    labels: [],
    help: "Time of a message call in which no upstream call ran, and what its end waited for the ledger: what the gateway itself takes.",
  },
  firstTokenSeconds: {
    name: "leadsman_time_to_first_token_seconds",
    kind: "histogram",
    labels: ["route"],
    help: "Streams only: from the last byte of the request to the first byte of the answer's body.",
  },
  tokens: {
    name: "leadsman_tokens_total",
    kind: "counter",
    labels: ["leg", "model", "type"],
    help: "Tokens as booked. Type is input (uncached), cache_read, cache_write_5m, cache_write_1h or output.",
  },
  cost: {
    name: "leadsman_cost_usd_total",
    kind: "counter",
    labels: ["route", "leg", "model"],
    help: "Cost of upstream calls with a known price, background calls included.",
  },
  baselineCost: {
    name: "leadsman_baseline_cost_usd_total",
    kind: "counter",
    labels: ["route", "basis"],
    help: "What the last tier alone would have cost, of requests where that is known: measured when it answered, estimated from the shipped answer's tokens else.",
  },
  comparableCost: {
    name: "leadsman_comparable_cost_usd_total",
    kind: "counter",
    labels: ["route"],
    help: "Cost of the calls that clients waited for, of the very requests that the baseline is about. The difference is what was saved before background calls.",
  },
  unpriced: {
    name: "leadsman_unpriced_requests_total",
    kind: "counter",
    labels: ["route"],
    help: "Requests with a call whose price is not known: their cost is missing from all sums.",
  },
  confidence: {
    name: "leadsman_confidence",
    kind: "histogram",
    labels: ["route"],
    help: "Confidence that the last triage of a request stated, from 0 to 1.",
  },
  threshold: {
    name: "leadsman_threshold",
    kind: "gauge",
    labels: ["route", "tier"],
    help: "Threshold in force, from 0 to 1; above 1 the tier never ships.",
  },
  grades: {
    name: "leadsman_grades_total",
    kind: "counter",
    labels: ["route", "grader", "verdict"],
    help: "Verdicts booked by this process (judge, agreement, labels over the API), so that each is counted once over all gateways. Those of other commands on the same ledger, such as leadsman grade, are not in it; the watch counts them too.",
  },
  shadowPairs: {
    name: "leadsman_shadow_pairs_total",
    kind: "counter",
    labels: ["route", "outcome"],
    help: "Pairs of answers that are settled: complete, or the reason why a side is missing.",
  },
  alertsOpen: {
    name: "leadsman_alerts_open",
    kind: "gauge",
    labels: ["route", "rule", "severity"],
    help: "Alerts of Leadsman's own watch that last, exercises left out.",
  },
  watchEvidence: {
    name: "leadsman_watch_evidence_ratio",
    kind: "gauge",
    labels: ["route", "tier"],
    help: "Evidence that more of what ships is wrong than allowed, as a share of what raises the threshold, from 0 to 1. Read from the ledger, as are the next three: verdicts of every process are in it, and every gateway on a ledger says the same.",
  },
  watchGraded: {
    name: "leadsman_watch_graded",
    kind: "gauge",
    labels: ["route", "tier"],
    help: "Verdicts on what ships that the watch has taken in since the threshold last moved.",
  },
  watchWrong: {
    name: "leadsman_watch_wrong",
    kind: "gauge",
    labels: ["route", "tier"],
    help: "Of these the ones that say wrong. Their share is of graded answers, which are no even sample of all.",
  },
  watchAllowed: {
    name: "leadsman_watch_allowed_ratio",
    kind: "gauge",
    labels: ["route", "tier"],
    help: "Share of what ships that may be wrong, from 0 to 1, as the watch takes the route's promise.",
  },
  jobsWaiting: {
    name: "leadsman_background_jobs_waiting",
    kind: "gauge",
    labels: ["route", "kind"],
    help: "Jobs that wait or are being worked on, by any process on the ledger.",
  },
  backgroundCalls: {
    name: "leadsman_background_calls",
    kind: "gauge",
    labels: [],
    help: "Upstream calls that nobody waits for, under way or waiting.",
  },
  inFlight: {
    name: "leadsman_in_flight_requests",
    kind: "gauge",
    labels: [],
    help: "Calls for upstream being served now.",
  },
  inFlightBytes: {
    name: "leadsman_in_flight_bytes",
    kind: "gauge",
    labels: [],
    help: "Bytes of their bodies held in memory.",
  },
  refused: {
    name: "leadsman_refused_requests_total",
    kind: "counter",
    labels: ["status"],
    help: "Requests answered with an error of the gateway's own before they were served.",
  },
  ledgerWritable: {
    name: "leadsman_ledger_writable",
    kind: "gauge",
    labels: [],
    help: "1 while records can be written, else 0.",
  },
  ledgerEntries: {
    name: "leadsman_ledger_queue_entries",
    kind: "gauge",
    labels: [],
    help: "Entries that wait to be committed.",
  },
  ledgerBytes: {
    name: "leadsman_ledger_queue_bytes",
    kind: "gauge",
    labels: [],
    help: "Bytes of the entries that wait to be committed.",
  },
  ledgerLate: {
    name: "leadsman_ledger_late_total",
    kind: "counter",
    labels: [],
    help: "Records that were not committed when their client was served; most are later.",
  },
  ledgerLost: {
    name: "leadsman_ledger_lost_total",
    kind: "counter",
    labels: [],
    help: "Records given up for good. Any is a gap in the books.",
  },
  scrapeErrors: {
    name: "leadsman_scrape_errors_total",
    kind: "counter",
    labels: [],
    help: "Scrapes in which the ledger could not be asked for jobs, alerts and the watch: their gauges are left out of those.",
  },
} as const;

export type MetricKey = keyof typeof METRICS;

/** Upper bounds of the histograms, in the unit of their names. */
export const METRIC_BUCKETS: Readonly<Partial<Record<MetricKey, readonly number[]>>> = {
  attemptSeconds: SECONDS,
  requestSeconds: SECONDS,
  overheadSeconds: SHORT_SECONDS,
  firstTokenSeconds: SECONDS,
  confidence: CONFIDENCES,
};

/** The same as a list. */
export const METRIC_LIST: readonly MetricDefinition[] = Object.values(METRICS);

/** Put before the names of what the library measures of the process itself. */
export const PROCESS_PREFIX = "leadsman_";

/** Of those the names that our own dashboards and rules use. */
export const PROCESS_METRICS = {
  eventLoopLagP99: "leadsman_nodejs_eventloop_lag_p99_seconds",
  residentBytes: "leadsman_process_resident_memory_bytes",
  cpuSeconds: "leadsman_process_cpu_seconds_total",
  heapBytes: "leadsman_nodejs_heap_size_used_bytes",
} as const;

/** Label value for requests that no route concerns. */
export const NO_ROUTE = "none";

/** Label value for models that neither the configuration nor the catalogue names. */
export const OTHER_MODEL = "other";
