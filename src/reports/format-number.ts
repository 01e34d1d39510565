/** A share (0–1) as a percentage with one decimal: `67.8 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A whole number with separators: `12,345`. */
export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A count with its noun: `1 slice`, `1,284 slices`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** `0.4 ms`, `71 ms`, `2.41 s`, `3 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  if (milliseconds < 59_995) return `${(milliseconds / 1_000).toFixed(2)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Every digit there is and at least two decimals, so that 0.7999 never looks like 0.80. */
export function formatConfidence(confidence: number): string {
  const digits = String(confidence);
  if (digits.includes("e")) return digits;
  const [whole = "0", fraction = ""] = digits.split(".");
  return `${whole}.${fraction.padEnd(2, "0")}`;
}

/** `2026-11-23 14:05 UTC`. */
export function formatTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
