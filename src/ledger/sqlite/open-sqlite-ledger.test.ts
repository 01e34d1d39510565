import { describeLedger } from "../ledger.contract.ts";
import { makeSqlitePlace } from "./sqlite-place.fixture.ts";

describeLedger("SQLite", () => makeSqlitePlace());
