import type { CompareChoice } from "../../cascade/grading-choice.ts";
import type { Comparator } from "./comparator.ts";
import { createExactComparator } from "./exact.ts";
import { createJsonComparator } from "./json.ts";
import { createLabelComparator } from "./label.ts";
import { createNumberComparator } from "./number.ts";
import { createTextComparator } from "./text.ts";

/** The comparator of a route; null when its judge compares, together with grading. */
export function createComparator(choice: CompareChoice): Comparator | null {
  switch (choice.kind) {
    case "exact":
      return createExactComparator();
    case "text":
      return createTextComparator();
    case "json":
      return createJsonComparator(choice.fields);
    case "number":
      return createNumberComparator(choice);
    case "label":
      return createLabelComparator(choice.labels);
    case "judge":
      return null;
  }
}
