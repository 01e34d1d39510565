import ts from "typescript";
import {
  findingAt,
  isTestFile,
  parse,
  roomOf,
  visit,
  type CodeFile,
  type Finding,
} from "./code-file.ts";

/** A source of effects that only some rooms may touch. */
interface Ban {
  /** As written in the source: an identifier, or a dotted path of two. */
  readonly names: readonly string[];
  readonly rooms: readonly string[];
  readonly instead: string;
  /** Whether tests must obey too. */
  readonly inTests: boolean;
}

const BANS: readonly Ban[] = [
  {
    names: ["Date.now", "performance.now", "process.hrtime", "process.uptime"],
    rooms: ["support"],
    instead: "take a Clock as an argument",
    inTests: false,
  },
  {
    names: ["Math.random"],
    rooms: ["support"],
    instead: "take a seeded random source as an argument",
    inTests: true,
  },
  {
    names: ["randomUUID", "randomBytes", "randomInt", "getRandomValues"],
    rooms: ["support"],
    instead: "take an id source or a random source as an argument",
    inTests: false,
  },
  {
    names: ["process.env"],
    rooms: ["config"],
    instead: "take the setting as an argument",
    inTests: false,
  },
  {
    names: ["console", "process.exit", "process.exitCode", "process.stdout", "process.stderr"],
    rooms: ["cli"],
    instead: "return a value and let cli print it or exit",
    inTests: false,
  },
];

/** Clocks, randomness, environment and printing outside the rooms that own them. */
export function findBannedCalls(files: readonly CodeFile[]): readonly Finding[] {
  return files.filter(({ path }) => path.startsWith("src/")).flatMap(bannedCallsIn);
}

function bannedCallsIn(file: CodeFile): readonly Finding[] {
  const room = roomOf(file.path) ?? "";
  const bans = BANS.filter(
    (ban) => !ban.rooms.includes(room) && (ban.inTests || !isTestFile(file.path)),
  );
  const findings: Finding[] = [];
  visit(parse(file), (node) => {
    if (isNewDateWithoutTime(node) && room !== "support" && !isTestFile(file.path)) {
      findings.push(findingAt(file, node, "new Date() reads the clock; take a Clock instead"));
    }
    const names = namesAt(node);
    const ban = bans.find((one) => one.names.some((name) => names.includes(name)));
    if (ban !== undefined) {
      const owners = ban.rooms.join(", ");
      const message = `${names[0] ?? ""} is for ${owners} only; ${ban.instead}`;
      findings.push(findingAt(file, node, message));
    }
  });
  return findings;
}

function isNewDateWithoutTime(node: ts.Node): boolean {
  if (!ts.isNewExpression(node) || node.expression.getText() !== "Date") return false;
  return node.arguments === undefined || node.arguments.length === 0;
}

/**
 * Names that an expression or an import goes by. `crypto.randomUUID` is known by its last part,
 * `import { env } from "node:process"` as `process.env`.
 */
function namesAt(node: ts.Node): readonly string[] {
  if (ts.isPropertyAccessExpression(node)) {
    const owner = lastName(node.expression);
    return [`${owner}.${node.name.text}`, node.name.text];
  }
  if (ts.isImportSpecifier(node)) {
    const module = node.parent.parent.parent.moduleSpecifier;
    const imported = (node.propertyName ?? node.name).text;
    const owner = ts.isStringLiteral(module) ? module.text.replace(/^node:/, "") : "";
    return [`${owner}.${imported}`, imported];
  }
  if (ts.isIdentifier(node) && node.text === "console" && isUse(node)) return ["console"];
  return [];
}

function lastName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : "";
}

/** False for a property or a declaration that happens to have the name. */
function isUse(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isExpression(parent) && !ts.isPropertyAssignment(parent);
}
