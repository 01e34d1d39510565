import { MODELS } from "../catalogue/models.ts";

/** Names of one model: its id, an alias or a dated name. */
export function isOneModel(one: string, other: string): boolean {
  return modelId(one) === modelId(other);
}

function modelId(name: string): string {
  const model = MODELS.find(({ id, aliases }) => id === name || aliases.includes(name));
  return model?.id ?? name.replace(/-\d{8}$/, "");
}
