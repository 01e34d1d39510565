import ts from "typescript";
import { findingAt, isTestFile, parse, visit, type CodeFile, type Finding } from "./code-file.ts";

/** Sizes above which a file or function is to be cut. Lines include comments and blank ones. */
export const BUDGETS = { fileLines: 300, testFileLines: 500, functionLines: 70 } as const;

/**
 * Files and functions over their budget. What lives inside a function counts. In tests, functions
 * that register tests are lists of cases, not procedures, and have no budget of their own.
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
  const tree = parse(file);
  visit(tree, (node) => {
    if (!ts.isFunctionLike(node)) return;
    if (isTestFile(file.path) && registersTests(node)) return;
    const first = tree.getLineAndCharacterOfPosition(node.getStart()).line;
    const lines = tree.getLineAndCharacterOfPosition(node.end).line - first + 1;
    if (lines <= BUDGETS.functionLines) return;
    const name = node.name?.getText() ?? "a nameless function";
    findings.push(
      findingAt(file, node, `${name} has ${lines} lines; the budget is ${BUDGETS.functionLines}`),
    );
  });
  return findings;
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
