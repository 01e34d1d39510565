import { posix } from "node:path";
import type { CodeFile, Finding } from "../checks/code-file.ts";
import { anchorsOf, fencesOf, linksOf, type Fence } from "./markdown.ts";

/** What the checkout has, as far as pages can speak of it. */
export interface Surroundings {
  exists(path: string): boolean;
  readonly scripts: readonly string[];
  /** Commands that CI runs, one a line. */
  readonly ciCommands: readonly string[];
}

/**
 * How a code block is kept true: `run` = executed by the docs check; `steps` = executed as well, all
 * of a page in one shell, since each goes on where the last one ended; `check` = type-checked;
 * `ci` = each line is a command of `.ci/run`; `manual` = needs what CI does not have.
 */
const FENCE_KINDS = ["sh run", "sh steps", "sh ci", "sh manual", "ts run", "ts check"];

/** Relative links that lead nowhere, and headings that are not there. */
export function findBrokenLinks(
  pages: readonly CodeFile[],
  exists: (path: string) => boolean,
): readonly Finding[] {
  return pages.flatMap((page) =>
    linksOf(page.text).flatMap(({ target, line }) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path, anchor] = target.split("#");
      const full = path ? posix.normalize(posix.join(posix.dirname(page.path), path)) : page.path;
      if (!exists(full)) return [{ path: page.path, line, message: `links to missing ${full}` }];
      const linked = pages.find((other) => other.path === full);
      const isKnown =
        anchor === undefined || linked === undefined || anchorsOf(linked.text).includes(anchor);
      return isKnown ? [] : [{ path: page.path, line, message: `links to missing ${target}` }];
    }),
  );
}

/** `npm run x` and `npm test` without such a script. */
export function findMissingScripts(
  pages: readonly CodeFile[],
  scripts: readonly string[],
): readonly Finding[] {
  return pages.flatMap(({ path, text }) =>
    text.split("\n").flatMap((content, index) =>
      [...content.matchAll(/\bnpm (?:run ([a-z][a-z0-9:-]*)|(test|start)\b)/g)]
        .map((match) => match[1] ?? match[2] ?? "")
        .filter((script) => !scripts.includes(script))
        .map((script) => ({ path, line: index + 1, message: `names missing script "${script}"` })),
    ),
  );
}

/** Shell and TypeScript blocks that nothing keeps true. */
export function findUncheckedFences(
  pages: readonly CodeFile[],
  ciCommands: readonly string[],
): readonly Finding[] {
  return pages.flatMap(({ path, text }) =>
    fencesOf(text).flatMap((fence) =>
      objectionsTo(fence, ciCommands).map((message) => ({ path, line: fence.line, message })),
    ),
  );
}

function objectionsTo(fence: Fence, ciCommands: readonly string[]): readonly string[] {
  const language = fence.info.split(" ")[0] ?? "";
  if (!["sh", "bash", "shell", "ts", "typescript", "js", "javascript"].includes(language))
    return [];
  if (!FENCE_KINDS.includes(fence.info)) {
    return [`"${fence.info}" should be one of ${FENCE_KINDS.join(", ")}`];
  }
  if (fence.info !== "sh ci") return [];
  return commandsIn(fence.code)
    .filter((command) => !ciCommands.includes(command))
    .map((command) => `.ci/run does not run "${command}"`);
}

/** The commands of a block, `a && b` taken apart, comments dropped. */
export function commandsIn(code: string): readonly string[] {
  return code
    .split("\n")
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split("&&"))
    .map((command) => command.trim())
    .filter((command) => command !== "");
}
