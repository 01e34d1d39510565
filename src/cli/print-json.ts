import type { CliIo } from "./cli-io.ts";

/** Prints a value as JSON; money and other big integers as strings of digits. */
export function printJson(io: Pick<CliIo, "out">, value: unknown, indent = 2): void {
  io.out(toJson(value, indent));
}

/** @param indent 0 = all on one line */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, (_key, member: unknown) => plainMember(member), indent);
}

function plainMember(member: unknown): unknown {
  return typeof member === "bigint" ? member.toString() : member;
}
