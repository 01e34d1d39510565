import { isBlank, LINE_FEED, OPEN_BRACE } from "./json-lexis.ts";

/** Reads what models put before an object: blanks, a byte order mark, one code fence. */
export interface Preamble {
  /** Takes the next character: whether the object begins with it, or no object can follow. */
  step(code: number): "more" | "object" | "unreadable";
}

const BACKTICK = 0x60;
const BYTE_ORDER_MARK = 0xfeff;

/** Backticks of a fence. */
const FENCE_LENGTH = 3;

export function createPreamble(): Preamble {
  let backticks = 0;
  let isInsideFenceLine = false;
  return {
    step(code) {
      if (isInsideFenceLine) {
        if (code === LINE_FEED) isInsideFenceLine = false;
        return code === LINE_FEED || isFenceWord(code) ? "more" : "unreadable";
      }
      if (code === BACKTICK && backticks < FENCE_LENGTH) {
        backticks += 1;
        isInsideFenceLine = backticks === FENCE_LENGTH;
        return "more";
      }
      if (backticks > 0 && backticks < FENCE_LENGTH) return "unreadable";
      if (code === OPEN_BRACE) return "object";
      return isBlank(code) || code === BYTE_ORDER_MARK ? "more" : "unreadable";
    },
  };
}

/** What may stand behind the backticks: the name of a language, blanks around it. */
function isFenceWord(code: number): boolean {
  const lower = code | 0x20;
  const isLetter = lower >= 0x61 && lower <= 0x7a;
  return isLetter || (code >= 0x30 && code <= 0x39) || isBlank(code);
}
