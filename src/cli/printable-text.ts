/**
 * A text of clients or models that a terminal can show without obeying it: control characters
 * become blanks, and marks that turn the direction of writing are dropped.
 */
export function printableText(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll(TURNING_MARKS, "");
}

const TURNING_MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
