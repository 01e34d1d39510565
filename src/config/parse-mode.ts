import type { RouteMode } from "../cascade/route.ts";
import { share } from "./setting-kinds.ts";

/** A mode as it is typed on a command line: `off`, `shadow`, `live`, `canary 5%`; else null. */
export function parseRouteMode(text: string): RouteMode | null {
  if (text === "off" || text === "shadow" || text === "live") return text;
  const canary = /^canary[ =:]+(.+)$/.exec(text.trim())?.[1];
  const parsed = canary === undefined ? null : share().safeParse(canary);
  return parsed?.success === true ? { canary: parsed.data } : null;
}
