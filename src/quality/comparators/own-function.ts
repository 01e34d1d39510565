import type { Comparator } from "./comparator.ts";

/** Says whether two answers say the same. */
export type SayTheSame = (cheap: string, deep: string) => boolean | Promise<boolean>;

/** A comparison of the caller's own. What it throws, or anything but true and false, is no result. */
export function createOwnComparator(saysTheSame: SayTheSame): Comparator {
  return {
    name: "own",
    compare: async (cheap, deep) => {
      try {
        const result: unknown = await saysTheSame(cheap, deep);
        if (typeof result !== "boolean") return "cannot_compare";
        return result ? "same" : "differs";
      } catch {
        return "cannot_compare";
      }
    },
  };
}
