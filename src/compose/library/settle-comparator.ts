import type { Comparator } from "../../quality/comparators/comparator.ts";
import { createComparator } from "../../quality/comparators/create-comparator.ts";
import { createOwnComparator } from "../../quality/comparators/own-function.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { COMPARE_WORDS, type CompareOption } from "./cascade-options.ts";

/**
 * The comparator that an option means. Callers without types get the same checks.
 *
 * @throws LeadsmanError `invalid_cascade`
 */
export function settleComparator(
  option: CompareOption | null,
  hasLedger: boolean,
): Comparator | null {
  if (option === null) return null;
  if (!hasLedger) {
    throw invalid("compare must be left out without a ledger, which would keep its results");
  }
  if (typeof option === "function") return createOwnComparator(option);
  const given: unknown = option;
  const kind = COMPARE_WORDS.find((word) => word === given);
  if (kind === undefined) {
    throw invalid(`compare must be a function or one of ${COMPARE_WORDS.join(", ")}`);
  }
  if (kind === "json") return createComparator({ kind, fields: null });
  if (kind === "number") return createComparator({ kind, absolute: 0, relative: 0 });
  return createComparator({ kind });
}

function invalid(what: string): LeadsmanError {
  return new LeadsmanError("invalid_cascade", `Cannot create cascade: ${what}`);
}
