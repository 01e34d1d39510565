import ts from "typescript";

/** A file of the checkout. Checks are functions over these, so that they can be tested. */
export interface CodeFile {
  /** Relative to the root of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Something a check objects to. */
export interface Finding {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong and, where it is not plain, what to do instead. */
  readonly message: string;
}

/** One line as editors and terminals make it clickable. */
export function describeFinding({ path, line, message }: Finding): string {
  return `${path}:${line} ${message}`;
}

const parsed = new WeakMap<CodeFile, ts.SourceFile>();

/** The syntax tree; no types. Parsed once per file value. */
export function parse(file: CodeFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true);
  parsed.set(file, tree);
  return tree;
}

export function findingAt(file: CodeFile, node: ts.Node, message: string): Finding {
  return { path: file.path, line: lineOf(file, node.getStart()), message };
}

/** Line of a position in the text, counted from 1. */
export function lineOf(file: CodeFile, position: number): number {
  return parse(file).getLineAndCharacterOfPosition(position).line + 1;
}

/** Calls for the node and everything below it, parents first. */
export function visit(node: ts.Node, onNode: (node: ts.Node) => void): void {
  onNode(node);
  ts.forEachChild(node, (child) => {
    visit(child, onNode);
  });
}

/** The room of a file, `null` outside `src/` and for the doors in `src/` itself. */
export function roomOf(path: string): string | null {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/** Tests, contract suites and what both are built from: never part of what is published. */
export function isTestFile(path: string): boolean {
  return /\.(test|contract|fixture)\.ts$/.test(path) || path.startsWith("test/");
}
