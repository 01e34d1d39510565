import type { NanoUsd } from "../catalogue/cost.ts";
import type { Attempt, PairSide, ShadowPair } from "../cascade/receipt.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import type { BackgroundCall } from "./background-calls.ts";
import { evidenceEntries } from "./evidence-entries.ts";
import type { Aftermath, Flight } from "./flight.ts";
import { callForLearning, lastTierTarget } from "./last-tier.ts";
import { keepsBodies } from "./keeps-bodies.ts";
import { answerEntry, storedAnswerOf, type StoredAnswer } from "./settle.ts";
import { isPending, missingSide, sideOf } from "./shadow-pairs.ts";
import { hasSideJob, sideJobEnd } from "./side-job.ts";
import { startTriage, type TriageStart } from "./start-triage.ts";
import type { TriageReading } from "./triage-reading.ts";

/** Triages in the background what the deep model has answered. */
export function fetchCheapSide(flight: Flight, pair: ShadowPair): void {
  fetchSide(flight, pair, "cheap");
}

/** Asks the deep model in the background for what a cheap answer has settled. */
export function fetchDeepSide(flight: Flight, pair: ShadowPair): void {
  fetchSide(flight, pair, "deep");
}

/** Asks for the side that a pair lacks. Never rejects. */
export async function askForSide(
  flight: Aftermath,
  which: "cheap" | "deep",
  signal: AbortSignal,
): Promise<FetchedSide> {
  if (which === "cheap") {
    const start = { tier: 0, role: "shadow_triage" } as const;
    const { attempt, reading } = await triageToEnd(flight, start, signal);
    const answers = storedAnswerOf(attempt, reading);
    return { attempt, side: cheapSideOf(attempt, reading), answers };
  }
  const { attempt, message } = await callForLearning(flight, lastTierTarget(flight, true), signal);
  const answers = message === null ? [] : [{ attempt: attempt.index, message }];
  return { attempt, side: sideOf(attempt), answers };
}

/** A near miss that is read to its end although its decision has fallen. */
export interface RunOn {
  readonly attempt: Promise<Attempt>;
  /** It had ended by then, so that the request's record holds it. */
  readonly isBooked: boolean;
  readonly reading: TriageReading;
}

/** Completes a pair with a triage that was read to its end beside the deep call. */
export async function finishRunOn(flight: Flight, pair: ShadowPair, runOn: RunOn): Promise<void> {
  const { reading, isBooked } = runOn;
  const attempt = await runOn.attempt;
  const cheap = pair.deep.missing === null ? cheapSideOf(attempt, reading) : pair.cheap;
  const answers = storedAnswerOf(attempt, reading);
  await book(flight, { ...pair, cheap }, isBooked ? null : attempt, answers);
}

/** A side, and what has to be booked with it. */
export interface FetchedSide {
  readonly attempt: Attempt;
  readonly side: PairSide;
  readonly answers: readonly StoredAnswer[];
}

function fetchSide(flight: Flight, pair: ShadowPair, which: "cheap" | "deep"): void {
  if (!isPending(pair) || flight.active === null) return;
  const { environment, request, active, draft } = flight;
  const { id } = draft.head;
  const hasJob = hasSideJob(flight, pair);
  const call: BackgroundCall = {
    route: active.route.name,
    bytes: request.parsed.bytes.length,
    usdPerDay: active.route.limits.backgroundUsdPerDay,
    run: async (signal): Promise<NanoUsd | null> => {
      const { attempt, side, answers } = await askForSide(flight, which, signal);
      environment.sidesUnderWay.delete(id);
      if (hasJob && signal.aborted && attempt.outcome === "client_left")
        await leaveToJob(flight, attempt);
      else await book(flight, { ...pair, [which]: side }, attempt, answers);
      return attempt.costNanoUsd;
    },
    giveUp: async (reason) => {
      environment.sidesUnderWay.delete(id);
      if (reason === "over_capacity" && hasJob) await leaveToJob(flight, null);
      else await book(flight, { ...pair, [which]: missingSide(reason) }, null, []);
    },
  };
  environment.sidesUnderWay.add(id);
  environment.background.add(call);
}

/** The pair stays pending; what a call that was cut has cost is booked all the same. */
async function leaveToJob({ environment, draft }: Flight, attempt: Attempt | null): Promise<void> {
  const requestId = draft.head.id;
  const dueAtMs = environment.clock.nowMs();
  await environment.committer.commit([
    ...(attempt === null ? [] : [{ kind: "attempt", requestId, attempt } as const]),
    sideJobEnd(requestId, { state: "waiting", error: "interrupted", dueAtMs }),
  ]);
}

/** Books what came after the request's record, and ends the job that stood behind it. */
async function book(
  flight: Flight,
  pair: ShadowPair,
  attempt: Attempt | null,
  answers: readonly StoredAnswer[],
): Promise<void> {
  const entries = sideEntries(flight, pair, attempt, answers);
  const end = sideJobEnd(flight.draft.head.id, { state: "done" });
  await flight.environment.committer.commit([...entries, end]);
}

/** What comes after the request's record: the attempt's cost, its answer, the whole pair. */
export function sideEntries(
  flight: Pick<Flight, "environment" | "active" | "draft">,
  pair: ShadowPair,
  attempt: Attempt | null,
  answers: readonly StoredAnswer[],
): readonly LedgerEntry[] {
  const { draft, active } = flight;
  const requestId = draft.head.id;
  const entries: LedgerEntry[] = [{ kind: "pair", pair }];
  if (attempt !== null) entries.push({ kind: "attempt", requestId, attempt });
  if (active !== null && active.route.bodies !== "none") {
    for (const answer of answers) entries.push(answerEntry(requestId, answer));
  }
  entries.push(...evidenceEntries(flight, pair, attempt === null ? [] : [attempt]));
  return entries;
}

/** One triage that nobody waits for, read to its end whatever it says. Never rejects. */
export async function triageToEnd(
  flight: Aftermath,
  asked: Pick<TriageStart, "tier" | "role" | "candidate">,
  signal: AbortSignal,
): Promise<{ attempt: Attempt; reading: TriageReading }> {
  let resolveRunOn: (attempt: Attempt) => void = () => undefined;
  const runOn = new Promise<Attempt>((resolve) => {
    resolveRunOn = resolve;
  });
  const { call, reading } = startTriage(flight, {
    ...asked,
    answer: { begin: () => undefined, advance: () => undefined },
    keepsMessage: keepsBodies(flight, true),
    onSent: () => undefined,
    mayRunOn: () => true,
    onRunOn: resolveRunOn,
  });
  const abandon = (): void => {
    call.abandon();
  };
  if (signal.aborted) abandon();
  else signal.addEventListener("abort", abandon, { once: true });
  const result = await call.result;
  const attempt = result.attempt ?? (await runOn);
  signal.removeEventListener("abort", abandon);
  return { attempt, reading };
}

/** A cheap side without a usable answer says what the verdict lacked, and keeps its confidence. */
export function cheapSideOf(attempt: Attempt, reading: TriageReading): PairSide {
  const side = sideOf(attempt);
  if (side.missing !== null || reading.verdict.kind !== "unusable") return side;
  const missing = reading.verdict.problem === "null_answer" ? "null_answer" : "unreadable";
  return { ...side, attempt: null, missing };
}
