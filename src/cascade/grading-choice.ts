/** How the cheap and the deep answer of a route are held against each other. */
export type CompareChoice =
  /** Byte for byte. */
  | { readonly kind: "exact" }
  /** Without regard to case, white space and punctuation at the end. */
  | { readonly kind: "text" }
  /** As JSON: these top-level fields, or null for all of it. */
  | { readonly kind: "json"; readonly fields: readonly string[] | null }
  /** The one number in each; equal when no further apart than either tolerance allows. */
  | { readonly kind: "number"; readonly absolute: number; readonly relative: number }
  /** The first of these labels that occurs in each. */
  | { readonly kind: "label"; readonly labels: readonly string[] }
  /** The route's judge says whether they say the same. */
  | { readonly kind: "judge" };

/** A model that says whether answers are right. */
export interface JudgeChoice {
  readonly model: string;
  /** Name of a configured provider with a credential of its own. */
  readonly provider: string;
  /** Share (0–1) of the items with evidence that it is asked about. Default 1. */
  readonly share: number;
  /** Its cap per UTC day in US dollars; null = only the cap of all background calls. Default 10. */
  readonly usdPerDay: number | null;
  /** Calls at a time. Default 2. */
  readonly maxConcurrent: number;
}
