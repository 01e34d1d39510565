import { describeWatch } from "../../watch/describe-watch.ts";
import { refuseCall, type ApiCall } from "./api-call.ts";

/** `GET watch?route=…`: where the controller stands, what would move it, and which alerts are open. */
export async function showWatch({ ledger, query }: ApiCall): Promise<object> {
  const route = query.text("route");
  query.end();
  if (route === null) return refuseCall("Parameter route is missing");
  return { route, ...(await describeWatch(ledger, route)) };
}
