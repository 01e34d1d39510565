import { LeadsmanError } from "../support/leadsman-error.ts";
import { nearestName } from "./nearest-name.ts";

/** What is named, in words. */
export interface NamedKind {
  /** Such as `route`. Also the beginning of the error's code. */
  readonly noun: string;
  /** Such as `routes`. */
  readonly plural: string;
  /** A whole sentence for when there are none at all. */
  readonly none: string;
}

/** More names than this would hide the sentence they follow. */
const MOST_NAMES = 20;

/** Says that nothing has a name, which one comes nearest, and which there are. */
export function unknownName(
  { noun, plural, none }: NamedKind,
  name: string,
  names: readonly string[],
): LeadsmanError {
  const nearest = nearestName(name, names);
  const hint = nearest === null ? "" : ` Did you mean "${nearest}"?`;
  const more = names.length > MOST_NAMES ? ` and ${String(names.length - MOST_NAMES)} more` : "";
  const capital = plural.charAt(0).toUpperCase() + plural.slice(1);
  const known =
    names.length === 0 ? none : `${capital}: ${names.slice(0, MOST_NAMES).join(", ")}${more}.`;
  const code = `${noun.replaceAll(" ", "")}_unknown`;
  return new LeadsmanError(code, `There is no ${noun} "${name}".${hint} ${known}`);
}

export const ROUTE_NAME: NamedKind = {
  noun: "route",
  plural: "routes",
  none: "No routes are configured.",
};

export const CHANNEL_NAME: NamedKind = {
  noun: "channel",
  plural: "channels",
  none: "No channels are configured.",
};

export const DATASET_NAME: NamedKind = {
  noun: "data set",
  plural: "data sets",
  none: "The ledger holds none: `leadsman import` and `leadsman replay` bring them in.",
};
