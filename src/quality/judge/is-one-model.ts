import type { Catalogue } from "../../catalogue/catalogue.ts";

/** Whether two names are of one model: an alias, a dated name and the id are. */
export function isOneModel(
  catalogue: Pick<Catalogue, "find">,
  one: string,
  other: string,
): boolean {
  return one === other || idOf(catalogue, one) === idOf(catalogue, other);
}

function idOf(catalogue: Pick<Catalogue, "find">, name: string): string {
  return catalogue.find(name)?.id ?? name;
}
