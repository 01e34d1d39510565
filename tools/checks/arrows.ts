import { CONTRACTS, DOORS, ROOMS, type Room } from "../architecture.ts";
import { findingAt, isTestFile, roomOf, type CodeFile, type Finding } from "./code-file.ts";
import { importsOf, type ImportEdge } from "./imports.ts";

/**
 * Imports that the room table does not allow, and folders that it does not know.
 *
 * A test beside its source obeys the same arrows, with two liberties: it may build values where
 * its room sees types only, and use an implementation where its room sees the contract only.
 */
export function findWrongArrows(
  files: readonly CodeFile[],
  table: readonly Room[] = ROOMS,
): readonly Finding[] {
  return files
    .filter(({ path }) => path.startsWith("src/"))
    .flatMap((file) => {
      const place = placeOf(file.path, table);
      if (place === null) return [{ path: file.path, line: 1, message: unknownPlace(file.path) }];
      return importsOf(file).flatMap((edge) => {
        const objection = objectionTo(file, place, edge, table);
        return objection === null ? [] : [findingAt(file, edge.node, objection)];
      });
    });
}

/** A room of the table, or `door` for the public files of `src/` itself. */
type Place = Room | "door";

function placeOf(path: string, table: readonly Room[]): Place | null {
  const name = roomOf(path);
  if (name === null) return DOORS.includes(path.slice("src/".length)) ? "door" : null;
  return table.find((room) => room.name === name) ?? null;
}

function unknownPlace(path: string): string {
  return roomOf(path) === null
    ? `stands in src/ itself, where only the doors ${DOORS.join(", ")} may be`
    : "is in a folder that the room table of tools/architecture.ts does not know";
}

function objectionTo(
  file: CodeFile,
  place: Place,
  edge: ImportEdge,
  table: readonly Room[],
): string | null {
  if (edge.target === null) return null;
  if (!edge.target.startsWith("src/")) {
    const isAllowed = isTestFile(file.path) && edge.target.startsWith("test/");
    return isAllowed ? null : `imports ${edge.target}, which is outside src/`;
  }
  const target = placeOf(edge.target, table);
  if (target === null) return `imports ${edge.target}, which is in no known room`;
  if (target === "door") return `imports the public door ${edge.target}; import the room itself`;
  if (place === "door") return target.name === "cli" ? "a door may not import cli" : null;
  return target.name === place.name ? null : crossing(file, place, target, edge);
}

function crossing(file: CodeFile, from: Room, to: Room, edge: ImportEdge): string | null {
  const extents = from.mayImport.filter(({ room }) => room === to.name).map(({ extent }) => extent);
  if (extents.length === 0) return `${from.name} may not import ${to.name}`;
  if (extents.includes("all") || isTestFile(file.path)) return null;
  if (extents.includes("types") && edge.isTypeOnly) return null;
  if (extents.includes("contract") && isContract(to.name, edge.target ?? "")) return null;
  return extents.includes("types")
    ? `${from.name} may import only types of ${to.name}: use \`import type\``
    : `${from.name} may import only the contract of ${to.name}, not ${edge.target ?? ""}`;
}

function isContract(room: string, path: string): boolean {
  const fromSource = path.slice("src/".length);
  return (CONTRACTS[room] ?? []).some((entry) =>
    entry.endsWith("/") ? fromSource.startsWith(entry) : fromSource === entry,
  );
}
