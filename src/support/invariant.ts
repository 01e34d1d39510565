import { LeadsmanError } from "./leadsman-error.ts";

/** Throws `invariant_broken` unless `condition` holds. For what only a bug can break. */
export function invariant(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new LeadsmanError("invariant_broken", `Invariant broken: ${claim}`);
}

/** Ends an exhaustive `switch`; a new union member then fails to compile. */
export function assertNever(value: never): never {
  throw new LeadsmanError("invariant_broken", `Unreachable case: ${JSON.stringify(value)}`);
}
