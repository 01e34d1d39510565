import type { GatewayContext } from "../gateway-context.ts";
import { notFoundError } from "../own-errors.ts";
import { ApiRefusal } from "./api-call.ts";

/**
 * To be called where nothing was found of a route: a name that is not configured is most likely a
 * slip then. Routes of the past may still be in the ledger, so a name that gives something is none.
 *
 * @throws ApiRefusal
 */
export function doubtRoute(
  { unknownRoute }: Pick<GatewayContext, "unknownRoute">,
  route: string | null | undefined,
): void {
  const doubt = route === null || route === undefined ? null : unknownRoute(route);
  if (doubt !== null) throw new ApiRefusal(notFoundError(doubt));
}
