import { posix } from "node:path";
import ts from "typescript";
import { findingAt, isTestFile, lineOf, parse, visit } from "./code-file.ts";
import type { CodeFile, Finding } from "./code-file.ts";

/** Words that say nothing about what a file holds. */
const EMPTY_NAMES = [
  ...["util", "utils", "helper", "helpers", "types", "common", "manager", "misc", "shared"],
  ...["data", "info", "stuff"],
];

const FILE_NAME =
  /^[a-z0-9]+(-[a-z0-9]+)*((\.[a-z]+)?\.test|\.(contract|fixture|generated|config|live))?\.ts$/;

/** Marks of unfinished work and of silenced checks. Only comments are searched. */
const BANNED_COMMENTS =
  /\b(TODO|FIXME|XXX|HACK)\b|eslint-disable|@ts-(ignore|nocheck|expect-error)/;

/** File names that are not kebab-case or say nothing. */
export function findBadFileNames(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap(({ path }) => {
    const name = posix.basename(path);
    if (!FILE_NAME.test(name)) return [{ path, line: 1, message: "is not named in kebab-case" }];
    const folders = posix.dirname(path).split("/");
    const words = [...folders, name].flatMap((part) => (part.split(".")[0] ?? "").split("-"));
    const empty = words.find((word) => EMPTY_NAMES.includes(word));
    if (empty === undefined) return [];
    return [{ path, line: 1, message: `"${empty}" in a name says nothing; name what it holds` }];
  });
}

/** Syntax and comments that this code base does without. */
export function findBadStyle(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) => [...bannedSyntax(file), ...bannedComments(file)]);
}

function bannedSyntax(file: CodeFile): readonly Finding[] {
  const findings: Finding[] = [];
  visit(parse(file), (node) => {
    const objection = objectionTo(node, file);
    if (objection !== null) findings.push(findingAt(file, node, objection));
  });
  return findings;
}

function objectionTo(node: ts.Node, file: CodeFile): string | null {
  if (ts.isEnumDeclaration(node)) return "no enums; use a literal union from an `as const` table";
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "no `any`; use `unknown` and a guard";
  if (ts.isNonNullExpression(node)) return "no non-null `!`; use a guard or an invariant";
  if (isDefaultExport(node) && !file.path.endsWith(".config.ts")) {
    return "no default exports; export by name";
  }
  return null;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent);
}

function bannedComments(file: CodeFile): readonly Finding[] {
  return commentsOf(file).flatMap(({ pos, end }) => {
    const found = BANNED_COMMENTS.exec(file.text.slice(pos, end))?.[0];
    if (found === undefined) return [];
    // Tests of types need to say that a line must not compile.
    if (found === "@ts-expect-error" && isTestFile(file.path)) return [];
    return [{ path: file.path, line: lineOf(file, pos), message: `no "${found}" comments` }];
  });
}

function commentsOf(file: CodeFile): readonly ts.CommentRange[] {
  const tree = parse(file);
  const byPosition = new Map<number, ts.CommentRange>();
  const collect = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []) {
      byPosition.set(range.pos, range);
    }
    for (const range of ts.getTrailingCommentRanges(file.text, node.end) ?? []) {
      byPosition.set(range.pos, range);
    }
    for (const child of node.getChildren(tree)) collect(child);
  };
  collect(tree);
  return [...byPosition.values()];
}
