import { describeWatch } from "../../watch/describe-watch.ts";
import { refuseCall, type ApiCall } from "./api-call.ts";
import { doubtRoute } from "./doubt-route.ts";

/** `GET watch?route=…`: where the controller stands, what would move it, and which alerts are open. */
export async function showWatch({ context, ledger, query }: ApiCall): Promise<object> {
  const route = query.text("route");
  query.end();
  if (route === null) return refuseCall("Parameter route is missing");
  // No controller stands over a route of the past, whatever it has left in the ledger.
  doubtRoute(context, route);
  return { route, ...(await describeWatch(ledger, route)) };
}
