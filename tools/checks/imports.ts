import { posix } from "node:path";
import ts from "typescript";
import { parse, visit, type CodeFile } from "./code-file.ts";

/** One mention of another module. */
export interface ImportEdge {
  readonly specifier: string;
  /** Path in the checkout for a relative import, else null (a package or a built-in module). */
  readonly target: string | null;
  /** Leaves no trace at run time. */
  readonly isTypeOnly: boolean;
  readonly node: ts.Node;
}

/**
 * Everything a file refers to: imports, re-exports, dynamic imports, `import("x").Type`, and
 * `new URL("./x.ts", import.meta.url)`, which is how worker threads are named.
 */
export function importsOf(file: CodeFile): readonly ImportEdge[] {
  const edges: ImportEdge[] = [];
  visit(parse(file), (node) => {
    const mention = mentionIn(node);
    if (mention === null) return;
    const { specifier, isTypeOnly } = mention;
    const target = specifier.startsWith(".")
      ? posix.normalize(posix.join(posix.dirname(file.path), specifier))
      : null;
    edges.push({ specifier, target, isTypeOnly, node });
  });
  return edges;
}

interface Mention {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

function mentionIn(node: ts.Node): Mention | null {
  if (ts.isImportDeclaration(node)) {
    const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return mention(node.moduleSpecifier, isTypeOnly);
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return mention(node.moduleSpecifier, node.isTypeOnly);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return mention(node.argument.literal, true);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return mention(node.arguments[0], false);
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "URL") {
    const [path, base] = node.arguments ?? [];
    const isModule = path !== undefined && /\.[jt]s["'`]$/.test(path.getText());
    return isModule && base?.getText() === "import.meta.url" ? mention(path, false) : null;
  }
  return null;
}

function mention(node: ts.Node | undefined, isTypeOnly: boolean): Mention | null {
  if (node === undefined || !ts.isStringLiteralLike(node)) return null;
  return { specifier: node.text, isTypeOnly };
}
