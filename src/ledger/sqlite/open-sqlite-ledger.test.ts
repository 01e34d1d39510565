import { describeLedger } from "../ledger.contract.ts";
import { makeSqlitePlace } from "./sqlite-place.contract.ts";

describeLedger("SQLite", () => makeSqlitePlace());
