/**
 * In a checkout, package.json points at the TypeScript source, so that nothing has to be built
 * before it is used. What is published holds `dist/` only; npm packs the file as it stands on disk,
 * so it is rewritten before packing and put back after.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./checkout.ts";

export interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** Members that are for those who work on the package, not for those who use it. */
const DEVELOPMENT_ONLY = ["scripts", "devDependencies", "allowScripts"];

/** The manifest that users get: every `./src/x.ts` in `exports` becomes its built counterpart. */
export function publishedManifest(manifest: Manifest): Manifest {
  const kept = Object.entries(manifest).filter(([key]) => !DEVELOPMENT_ONLY.includes(key));
  const doors = Object.entries(manifest.exports).map(([door, to]) => [door, built(to)] as const);
  return { ...Object.fromEntries(kept), exports: Object.fromEntries(doors) };
}

function built(target: unknown): unknown {
  const name = typeof target === "string" ? /^\.\/src\/(.+)\.ts$/.exec(target)?.[1] : undefined;
  if (name === undefined) return target;
  return { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
}

const manifestPath = join(CHECKOUT, "package.json");
const keptPath = join(CHECKOUT, "package.json.checkout");

if (import.meta.main) {
  const action = process.argv[2];
  if (action === "apply") apply();
  else if (action === "restore") renameSync(keptPath, manifestPath);
  else throw new Error(`Wanted "apply" or "restore", found ${JSON.stringify(action)}`);
}

function apply(): void {
  const text = readFileSync(manifestPath, "utf8");
  const manifest: unknown = JSON.parse(text);
  if (!isManifest(manifest)) throw new Error("Wanted a package.json with `exports`, found none");
  writeFileSync(keptPath, text, { flag: "wx" });
  writeFileSync(manifestPath, `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
}

function isManifest(value: unknown): value is Manifest {
  return (
    typeof value === "object" &&
    value !== null &&
    "exports" in value &&
    typeof value.exports === "object" &&
    value.exports !== null
  );
}
