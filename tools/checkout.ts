import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { z } from "zod";
import type { CodeFile } from "./checks/code-file.ts";

/** Absolute path of the checkout these tools stand in. */
export const CHECKOUT: string = resolve(import.meta.dirname, "..");

/** Folders that hold nothing of ours. */
const SKIPPED = new Set(["node_modules", "dist", "coverage", ".git", ".leadsman", ".tmp"]);

/** The files under a folder of the checkout with one of the endings, in the order of their paths. */
export function readFiles(folder: string, endings: readonly string[]): readonly CodeFile[] {
  return listFiles(folder)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readText(path) }));
}

export function readText(path: string): string {
  return readFileSync(join(CHECKOUT, path), "utf8");
}

export function exists(path: string): boolean {
  return existsSync(join(CHECKOUT, path));
}

/** The parts of package.json that checks speak of. */
export interface CheckoutManifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const TEXTS = z.record(z.string(), z.string());
const MANIFEST = z.object({ scripts: TEXTS, dependencies: TEXTS, peerDependencies: TEXTS });

export function readManifest(): CheckoutManifest {
  return MANIFEST.parse(JSON.parse(readText("package.json")));
}

function listFiles(folder: string): readonly string[] {
  if (!exists(folder)) return [];
  return readdirSync(join(CHECKOUT, folder), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name).split(sep).join("/");
      return entry.isDirectory() ? listFiles(path) : [path];
    })
    .sort();
}
