import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { StoredRow } from "../records/row-reader.ts";

/** What a query can be asked with. */
type Parameter = string | number | null;

/** Read-only queries over one connection. Statements are prepared once per text. */
export interface Queries {
  /** Integers come as bigint, so that money is exact. @throws LeadsmanError `ledger_failed` */
  all(sql: string, parameters?: readonly Parameter[]): readonly StoredRow[];
  one(sql: string, parameters?: readonly Parameter[]): StoredRow | null;
}

export function createQueries(database: DatabaseSync): Queries {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statement.setReadBigInts(true);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    all: (sql, parameters = []) => guarded(() => prepared(sql).all(...parameters)),
    one: (sql, parameters = []) => guarded(() => prepared(sql).get(...parameters) ?? null),
  };
}

function guarded<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LeadsmanError("ledger_failed", `Cannot read ledger: ${why}`, { cause });
  }
}
