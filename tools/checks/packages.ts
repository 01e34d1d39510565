import { PACKAGE_ROOMS } from "../architecture.ts";
import { findingAt, isTestFile, roomOf, type CodeFile, type Finding } from "./code-file.ts";
import { importsOf } from "./imports.ts";

/** Packages imported in a room that has no business with them, or that users would not get. */
export function findWrongPackages(
  files: readonly CodeFile[],
  packageRooms: Readonly<Record<string, readonly string[]>> = PACKAGE_ROOMS,
): readonly Finding[] {
  return files
    .filter(({ path }) => path.startsWith("src/") && !isTestFile(path))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, target, node }) => {
        if (target !== null || specifier.startsWith("node:")) return [];
        const name = packageName(specifier);
        const allowed = packageRooms[name];
        const room = roomOf(file.path) ?? "";
        if (allowed?.includes(room) === true) return [];
        const message =
          allowed === undefined
            ? `imports ${name}, which is no run-time dependency in tools/architecture.ts`
            : `${room} may not import ${name}; it is for ${allowed.join(", ")}`;
        return [findingAt(file, node, message)];
      }),
    );
}

/** `@scope/name` of `@scope/name/part`. */
function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
