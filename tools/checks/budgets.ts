import ts from "typescript";
import { findingAt, isTestFile, parse, visit, type CodeFile, type Finding } from "./code-file.ts";

/** Sizes above which a file or function is to be cut. Lines include comments and blank ones. */
export const BUDGETS = { fileLines: 300, testFileLines: 500, functionLines: 70 } as const;

/**
 * Files and functions over their budget. What lives inside a function counts, with two exceptions:
 * a factory (`createSomething`) stands where others write a class, so its inner functions have
 * budgets of their own and do not count; and in tests, functions that register tests are lists of
 * cases, not procedures, and have no budget.
 */
export function findOverBudget(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) => [...longFile(file), ...longFunctions(file)]);
}

function longFile(file: CodeFile): readonly Finding[] {
  const lines = file.text.replace(/\n$/, "").split("\n").length;
  const limit = isTestFile(file.path) ? BUDGETS.testFileLines : BUDGETS.fileLines;
  if (lines <= limit || file.path.endsWith(".generated.ts")) return [];
  return [{ path: file.path, line: limit, message: `has ${lines} lines; the budget is ${limit}` }];
}

function longFunctions(file: CodeFile): readonly Finding[] {
  const findings: Finding[] = [];
  visit(parse(file), (node) => {
    if (!ts.isFunctionLike(node)) return;
    if (isTestFile(file.path) && registersTests(node)) return;
    const name = node.name?.getText() ?? "a nameless function";
    const lines = /^create[A-Z]/.test(name) ? linesWithoutInner(node) : linesOf(node);
    if (lines <= BUDGETS.functionLines) return;
    findings.push(
      findingAt(file, node, `${name} has ${lines} lines; the budget is ${BUDGETS.functionLines}`),
    );
  });
  return findings;
}

function linesOf(node: ts.Node): number {
  const tree = node.getSourceFile();
  const first = tree.getLineAndCharacterOfPosition(node.getStart()).line;
  return tree.getLineAndCharacterOfPosition(node.end).line - first + 1;
}

/** Lines of a factory less those of the functions right inside it. */
function linesWithoutInner(factory: ts.Node): number {
  let lines = linesOf(factory);
  const subtract = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) lines -= linesOf(node) - 1;
    else ts.forEachChild(node, subtract);
  };
  ts.forEachChild(factory, subtract);
  return lines;
}

const REGISTRARS = new Set(["describe", "test", "it"]);

function registersTests(node: ts.Node): boolean {
  let found = false;
  visit(node, (inner) => {
    if (ts.isCallExpression(inner) && REGISTRARS.has(calleeRoot(inner.expression))) found = true;
  });
  return found;
}

/** `describe` for `describe`, `describe.each`, and `describe.each(rows)`. */
function calleeRoot(callee: ts.Expression): string {
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) {
    return calleeRoot(callee.expression);
  }
  return ts.isIdentifier(callee) ? callee.text : "";
}
