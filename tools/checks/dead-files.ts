import type { CodeFile, Finding } from "./code-file.ts";
import { importsOf } from "./imports.ts";

/**
 * Files that no root leads to. A root is something that is started or published by itself; worker
 * threads and child processes are reached by the URL that names them. Give the files of production
 * alone to learn what only tests use.
 */
export function findDeadFiles(
  files: readonly CodeFile[],
  isRoot: (path: string) => boolean,
): readonly Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = files.filter(({ path }) => isRoot(path));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file.path)) continue;
    reached.add(file.path);
    for (const { target } of importsOf(file)) {
      const next = target === null ? undefined : byPath.get(target);
      if (next !== undefined) waiting.push(next);
    }
  }
  return files
    .filter(({ path }) => !reached.has(path))
    .map(({ path }) => ({
      path,
      line: 1,
      message: "is dead: no entry point leads to it; what only tests use is a *.fixture.ts",
    }));
}

/** Relative imports that lead nowhere. */
export function findBrokenImports(
  files: readonly CodeFile[],
  exists: (path: string) => boolean,
): readonly Finding[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ target }) =>
      target === null || exists(target)
        ? []
        : [{ path: file.path, line: 1, message: `imports ${target}, which does not exist` }],
    ),
  );
}
