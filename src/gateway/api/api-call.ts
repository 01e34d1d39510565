import type { Ledger } from "../../ledger/ledger.ts";
import type { JsonObject } from "../../support/json.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { invalidRequestError } from "../own-errors.ts";
import type { OwnError } from "../own-answer.ts";

/** One call of the API, with all that its handler may look at. */
export interface ApiCall {
  readonly context: GatewayContext;
  readonly ledger: Ledger;
  readonly query: QueryReader;
  /** The body of a POST; an empty object else. */
  readonly body: JsonObject;
  /** What stands behind the resource's name, such as an item's id; null when nothing does. */
  readonly id: string | null;
}

/** Answers with 200 and this value as JSON; money becomes strings. */
export type ApiHandler = (call: ApiCall) => Promise<object>;

/** What a handler throws to answer with an error of ours. */
export class ApiRefusal extends Error {
  readonly error: OwnError;

  constructor(error: OwnError) {
    super(error.message);
    this.error = error;
  }
}

export function refuseCall(message: string): never {
  throw new ApiRefusal(invalidRequestError(message));
}

/** Reads parameters of a query; those that nobody asked for are refused, since they may be slips. */
export interface QueryReader {
  text(name: string): string | null;
  /** A word of the list. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | null;
  /** A number from 0 to 1. */
  share(name: string): number | null;
  /** Milliseconds since 1970, or ISO 8601 with its zone or as a date; as milliseconds. */
  time(name: string): number | null;
  whole(name: string, least: number, most: number, fallback: number): number;
  flag(name: string): boolean;
  /** To be called when everything was read. @throws ApiRefusal */
  end(): void;
}

const MAX_PARAMETER_CHARS = 256;

/** @throws ApiRefusal for a parameter that is too long or given twice; so do the readers */
export function readQuery(text: string): QueryReader {
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (given.has(name)) refuseCall(`Parameter ${quoted(name)} is given twice`);
    if (value.length > MAX_PARAMETER_CHARS) {
      refuseCall(`Parameter ${quoted(name)} is longer than ${MAX_PARAMETER_CHARS} characters`);
    }
    given.set(name, value);
  }
  const known = new Set<string>();
  const take = (name: string): string | null => {
    known.add(name);
    return given.get(name) ?? null;
  };
  return {
    text: take,
    word: (name, words) => {
      const value = take(name);
      if (value === null) return null;
      const found = words.find((word) => word === value);
      return found ?? refuseCall(`Parameter ${name} must be one of ${words.join(", ")}`);
    },
    share: (name) => {
      const value = take(name);
      if (value === null) return null;
      const share = value.trim() === "" ? Number.NaN : Number(value);
      if (share >= 0 && share <= 1) return share;
      return refuseCall(`Parameter ${name} must be a number from 0 to 1`);
    },
    time: (name) => {
      const value = take(name);
      if (value === null) return null;
      const isDate = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/i.test(value);
      const timeMs = /^\d{1,15}$/.test(value) ? Number(value) : isDate ? Date.parse(value) : NaN;
      if (Number.isFinite(timeMs)) return timeMs;
      return refuseCall(
        `Parameter ${name} must be milliseconds since 1970, a date, or a time with its zone`,
      );
    },
    whole: (name, least, most, fallback) => {
      const value = take(name);
      if (value === null) return fallback;
      const count = Number(value);
      if (/^\d+$/.test(value) && count >= least && count <= most) return count;
      return refuseCall(`Parameter ${name} must be a whole number from ${least} to ${most}`);
    },
    flag: (name) => {
      const value = take(name);
      if (value === null || value === "0" || value === "false") return false;
      if (value === "1" || value === "true") return true;
      return refuseCall(`Parameter ${name} must be 1 or 0`);
    },
    end: () => {
      const unknown = [...given.keys()].find((name) => !known.has(name));
      if (unknown === undefined) return;
      refuseCall(
        `There is no parameter ${quoted(unknown)} here; there are ${[...known].join(", ")}`,
      );
    },
  };
}

/** A stranger's text: cut, and safe to print. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
