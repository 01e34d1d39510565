import type { RequestRecord } from "../cascade/receipt.ts";
import { formatConfidence } from "./format-number.ts";

/** What became of a request and why, in one sentence: `0.64 < 0.80 → escalated to …`. */
export function decisionSentence(record: RequestRecord): string {
  const sentence = sentenceOf(record);
  return record.status < 400 || record.decision === "abandoned"
    ? sentence
    : `${sentence}; the client got status ${record.status}`;
}

function sentenceOf(record: RequestRecord): string {
  const { reason } = record;
  const answerer = answererOf(record);
  switch (record.decision) {
    case "shipped":
      return `${comparison(record)} → the answer of ${answerer} shipped`;
    case "escalated": {
      const isBelow = reason === "low_confidence";
      const cause = isBelow ? comparison(record) : `${comparison(record)}, but no usable answer`;
      return `${cause} → escalated to ${answerer} (${reason ?? "no reason recorded"})`;
    }
    case "bypassed":
      return `not eligible for triage (${reason ?? "no reason recorded"}) → ${answerer} answered`;
    case "control":
      return `drawn as control${controlShare(record)} → ${answerer} answered without triage`;
    case "shadowed":
      return `shadow mode → ${answerer} answered${shadowTriage(record)}`;
    case "forwarded":
      return `${record.path} is no message call → passed on, unmetered`;
    case "passthrough":
      return `no route takes this request → passed through to ${answerer}`;
    case "abandoned":
      return "the client left before a decision fell";
  }
}

function answererOf({ model, attempts, requestedModel }: RequestRecord): string {
  const asked = attempts.findLast(({ role }) => role === "answer" || role === "triage")?.model;
  return asked ?? model ?? requestedModel ?? "upstream";
}

function comparison({ confidence, threshold }: RequestRecord): string {
  if (confidence === null) return "no confidence";
  if (threshold === null) return `confidence ${formatConfidence(confidence)}`;
  const sign = confidence >= threshold ? "≥" : "<";
  return `${formatConfidence(confidence)} ${sign} ${formatConfidence(threshold)}`;
}

function controlShare({ draws }: RequestRecord): string {
  const draw = draws.find(({ purpose }) => purpose === "control");
  return draw === undefined ? "" : ` (probability ${draw.propensity})`;
}

function shadowTriage({ attempts }: RequestRecord): string {
  const triage = attempts.find(({ role }) => role === "shadow_triage");
  if (triage === undefined) return "";
  const { confidence, threshold, model } = triage;
  return `; in the background ${model} said ${comparisonOf(confidence, threshold)}`;
}

function comparisonOf(confidence: number | null, threshold: number | null): string {
  if (confidence === null || threshold === null) return "nothing usable";
  const sign = confidence >= threshold ? "≥" : "<";
  return `${formatConfidence(confidence)} ${sign} ${formatConfidence(threshold)}`;
}
