import { hash } from "node:crypto";
import type { Draw } from "./receipt.ts";
import type { Sampling } from "./route.ts";

export interface DrawInput {
  readonly purpose: Draw["purpose"];
  /** Of the installation; so that nobody outside can tell who is chosen. */
  readonly salt: string;
  /** What is drawn for, see `samplingKey`. Equal keys are always drawn alike. */
  readonly key: string;
  /** Probability of being chosen, 0–1: 0 never is, 1 always. */
  readonly share: number;
}

/**
 * A random choice that can be made again: chosen when a uniform number made of a hash of salt,
 * purpose and key is below the share. Raising a share keeps everybody who was chosen before.
 */
export function draw({ purpose, salt, key, share }: DrawInput): Draw {
  const isChosen = isBelowShare(salt, HASHED_AS[purpose], key, share);
  return { purpose, propensity: share, isChosen };
}

/**
 * The same for what is no draw about the request itself, such as the order in which a judge reads
 * two answers.
 *
 * @param word what is drawn; different words are independent of each other
 */
export function isBelowShare(salt: string, word: string, key: string, share: number): boolean {
  // Nobody and everybody need no number, and a hash is the dearest thing on the way.
  return share > 0 && (share >= 1 || uniform(`${salt}|${word}|${key}`) < share);
}

/**
 * The word each purpose is hashed under. Shadow and grade share one, so that of the two the smaller
 * sample lies within the larger; all others are independent of each other.
 */
const HASHED_AS: Readonly<Record<Draw["purpose"], string>> = {
  canary: "canary",
  control: "control",
  triage: "triage",
  shadow: "sample",
  grade: "sample",
  band: "band",
  candidate: "candidate",
  probe: "probe",
};

export interface SamplingSubject {
  /** Header `x-leadsman-user`; null when absent or empty. */
  readonly user: string | null;
  /** `metadata.user_id` of the body; null when absent or empty. */
  readonly metadataUserId: string | null;
  readonly bodyHash: string;
  readonly requestId: string;
}

/**
 * What a purpose is drawn by. Canary and control go by user, so that one person is not served two
 * ways; the rest goes by request.
 */
export function samplingKey(purpose: Draw["purpose"], subject: SamplingSubject): string {
  if (purpose !== "canary" && purpose !== "control") return subject.requestId;
  if (subject.user !== null && subject.user !== "") return subject.user;
  const { metadataUserId } = subject;
  return metadataUserId !== null && metadataUserId !== "" ? metadataUserId : subject.bodyHash;
}

/**
 * The user that canary and control are drawn by, as a name for the books: a salted hash, so that
 * whoever reads them can tell which requests are of one user and not of whom. Null when the draw does
 * not go by user.
 */
export function samplingUnit(
  salt: string,
  { user, metadataUserId }: SamplingSubject,
): string | null {
  const key = user !== null && user !== "" ? user : metadataUserId;
  if (key === null || key === "") return null;
  return hash("sha256", `${salt}|unit|${key}`, "hex").slice(0, UNIT_DIGITS);
}

/** 64 bits: among a million users, two meet by chance in one of some forty million ledgers. */
const UNIT_DIGITS = 16;

/** The draws for an answer that shipped: whether it also gets a deep one, and a grade. */
export function drawsForShipped(
  sampling: Pick<Sampling, "shadow" | "grade"> & { readonly least?: number },
  salt: string,
  subject: SamplingSubject,
): { readonly shadow: Draw; readonly grade: Draw } {
  const drawFor = (purpose: "shadow" | "grade"): Draw =>
    draw({ purpose, salt, key: samplingKey(purpose, subject), share: sampling[purpose] });
  const { least } = sampling;
  const grade = drawFor("grade");
  return {
    shadow: drawFor("shadow"),
    grade: least === undefined ? grade : { ...grade, least },
  };
}

/** The first 53 bits of SHA-256 as a fraction: every double of that step is equally likely. */
function uniform(text: string): number {
  const digest = hash("sha256", text, "buffer");
  const high32 = digest.readUInt32BE(0);
  const low21 = digest.readUInt32BE(4) >>> 11;
  return (high32 * 2 ** 21 + low21) / 2 ** 53;
}
