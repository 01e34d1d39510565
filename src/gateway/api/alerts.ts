import { notFoundError } from "../own-errors.ts";
import { ApiRefusal, type ApiCall } from "./api-call.ts";
import { doubtRoute } from "./doubt-route.ts";

const MAX_ROWS = 1_000;
const DEFAULT_ROWS = 50;

/** Answers `GET alerts` with `{ rows }`, newest first; `open=1` leaves out what is over. */
export async function listAlerts({ context, ledger, query }: ApiCall): Promise<object> {
  const route = query.text("route");
  const isOpen = query.flag("open");
  const limit = query.whole("limit", 1, MAX_ROWS, DEFAULT_ROWS);
  query.end();
  const filter = { ...(route === null ? {} : { route }), ...(isOpen ? { isOpen } : {}) };
  const rows = await ledger.alerts(filter, limit);
  if (rows.length === 0) doubtRoute(context, route);
  return { rows };
}

/** Answers `GET alerts/:id`, where the links of messages lead. */
export async function showAlert({ ledger, query, id }: ApiCall): Promise<object> {
  query.end();
  const alert = await ledger.alert(id ?? "");
  if (alert === null) throw new ApiRefusal(notFoundError(`There is no alert ${id ?? ""}`));
  return alert;
}
