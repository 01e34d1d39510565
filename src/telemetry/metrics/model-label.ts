import { OTHER_MODEL } from "../metric-names.ts";

/** A date at the end of a model's name: `claude-haiku-4-5-20251001` is `claude-haiku-4-5`. */
const DATE = /-\d{8}$/;

/**
 * The label of a model. Clients may name anything where a tier is `requested`, so what is not known
 * is `other`, and one series for each made-up name cannot come about.
 */
export function createModelLabel(known: ReadonlySet<string>): (model: string) => string {
  return (model) => {
    if (known.has(model)) return model;
    const undated = model.replace(DATE, "");
    return known.has(undated) ? undated : OTHER_MODEL;
  };
}
