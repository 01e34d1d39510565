/** A value that notes which of its numbers were looked at. */
export interface Recorded<T> {
  readonly value: T;
  /** Names of the numbers that were read, with `[]` for any place in a list. */
  readonly read: ReadonlySet<string>;
}

export function recordReads<T extends object>(value: T): Recorded<T> {
  const read = new Set<string>();
  return { value: watched(value, "", read), read };
}

/** Names of all numbers in a parsed report; amounts of money are strings of digits. */
export function numbersIn(value: unknown, name = ""): ReadonlySet<string> {
  if (isNumber(value)) return new Set([name]);
  if (typeof value !== "object" || value === null) return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, inner]) => [
      ...numbersIn(inner, nameInside(value, name, key)),
    ]),
  );
}

function watched<T extends object>(value: T, name: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key): unknown {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return inner;
      const innerName = nameInside(target, name, key);
      if (isNumber(inner) && !(Array.isArray(target) && key === "length")) read.add(innerName);
      return typeof inner === "object" && inner !== null ? watched(inner, innerName, read) : inner;
    },
  });
}

function nameInside(container: object, name: string, key: string): string {
  if (Array.isArray(container)) return `${name}[]`;
  return name === "" ? key : `${name}.${key}`;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^-?\d+$/.test(value));
}
