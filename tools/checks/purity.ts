import ts from "typescript";
import { PURE_ROOMS } from "../architecture.ts";
import {
  findingAt,
  isTestFile,
  parse,
  roomOf,
  visit,
  type CodeFile,
  type Finding,
} from "./code-file.ts";
import { importsOf } from "./imports.ts";

/** Built-in modules that only compute. */
const PURE_MODULES = ["node:crypto"];

const IMPURE_GLOBALS = new Set([
  ...["Promise", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
  ...["fetch", "process", "globalThis", "performance", "WebSocket", "Worker"],
]);

/** I/O, timers and async code in the rooms that promise to have none. */
export function findImpurities(
  files: readonly CodeFile[],
  pureRooms: readonly string[] = PURE_ROOMS,
): readonly Finding[] {
  return files
    .filter(({ path }) => pureRooms.includes(roomOf(path) ?? "") && !isTestFile(path))
    .flatMap((file) => [...impureImports(file), ...impureSyntax(file)]);
}

function impureImports(file: CodeFile): readonly Finding[] {
  return importsOf(file)
    .filter(({ target, specifier }) => target === null && !PURE_MODULES.includes(specifier))
    .map(({ node, specifier }) => findingAt(file, node, `a pure room may not import ${specifier}`));
}

function impureSyntax(file: CodeFile): readonly Finding[] {
  const findings: Finding[] = [];
  visit(parse(file), (node) => {
    if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
      findings.push(findingAt(file, node, "a pure room has no async code"));
    }
    if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && !isMemberName(node)) {
      findings.push(findingAt(file, node, `a pure room may not use ${node.text}`));
    }
  });
  return findings;
}

function isMemberName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return ts.isPropertySignature(parent) || ts.isPropertyAssignment(parent);
}
