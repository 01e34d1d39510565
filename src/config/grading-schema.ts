import { z } from "zod";
import type { CompareChoice, JudgeChoice } from "../cascade/grading-choice.ts";
import { DEFAULT_PROVIDER } from "./provider-schema.ts";
import { amount, oneOf, settingName, share, wholeNumber, word } from "./setting-kinds.ts";

const COMPARE =
  "one of exact, text, json, number, judge, or one of { json: [field] }, " +
  "{ number: { absolute, relative } }, { label: [first, second] }";
const FIELDS = "a list of 1 to 32 names of fields";
const LABELS = "a list of 2 to 64 labels";

/** Exactly one member says which way is meant. */
const detailed = z
  .strictObject({
    json: z
      .array(word("the name of a field"), FIELDS)
      .min(1, FIELDS)
      .max(32, FIELDS)
      .optional()
      .describe("Top-level fields that must be equal; the rest may differ."),
    number: z
      .strictObject({
        absolute: amount(0, 1e15, "a number from 0")
          .prefault(0)
          .describe("How far apart two numbers may be."),
        relative: share().prefault("0%").describe("The same as a share of the larger one."),
      })
      .optional()
      .describe("The one number in each answer, within the wider of two tolerances."),
    label: z
      .array(word("a label"), LABELS)
      .min(2, LABELS)
      .max(64, LABELS)
      .optional()
      .describe("The first of these labels in each answer."),
  })
  .superRefine((given, context) => {
    if (Object.values(given).filter((way) => way !== undefined).length === 1) return;
    const message = "must have exactly one of json, number and label.";
    context.addIssue({ code: "custom", message, params: { code: "compare_ambiguous" } });
  });

export const compareSchema: z.ZodType<CompareChoice> = z
  .union([oneOf(["exact", "text", "json", "number", "judge"]), detailed], COMPARE)
  .prefault("text")
  .transform(toCompareChoice)
  .describe(
    "How cheap and deep answers are compared: `text` (without regard to case, white space and " +
      "punctuation at the end), `exact`, `json`, `number`, `judge`, or an object with details.",
  );

/** What the words of the file mean. */
function toCompareChoice(given: string | z.output<typeof detailed>): CompareChoice {
  if (typeof given === "object") {
    if (given.json !== undefined) return { kind: "json", fields: given.json };
    if (given.number !== undefined) return { kind: "number", ...given.number };
    return { kind: "label", labels: given.label ?? [] };
  }
  switch (given) {
    case "json":
      return { kind: "json", fields: null };
    case "number":
      return { kind: "number", absolute: 0, relative: 0 };
    case "exact":
    case "judge":
      return { kind: given };
    default:
      return { kind: "text" };
  }
}

export const judgeSchema: z.ZodType<JudgeChoice | null> = z
  .strictObject({
    model: word("the name of a model").describe("A model that is none of the route's own."),
    provider: settingName()
      .prefault(DEFAULT_PROVIDER)
      .describe("Name of one of the `providers` that has an `apiKey`, or is simulated."),
    share: share()
      .prefault("100%")
      .describe("Share of the items with evidence that the judge is asked about."),
    usdPerDay: amount(0, 1e9, "an amount of US dollars")
      .nullable()
      .prefault(10)
      .describe(
        "Its spending limit per UTC day in US dollars, within that of all background calls.",
      ),
    maxConcurrent: wholeNumber(1, 100, "a whole number")
      .prefault(2)
      .describe("Calls to the judge at a time."),
  })
  .nullable()
  .prefault(null)
  .describe("A model that says whether answers are right. Off without it.");
