import { expect, test } from "vitest";
import { readText } from "./checkout.ts";
import { publishedManifest, type Manifest } from "./published-manifest.ts";

test("users get what is built, and nothing that is for development only", () => {
  const manifest: Manifest = {
    name: "leadsman",
    exports: { ".": "./src/index.ts", "./package.json": "./package.json" },
    dependencies: { zod: "4.6.7" },
    peerDependencies: { sdk: "^2.0.0" },
    peerDependenciesMeta: { sdk: { optional: true } },
    devDependencies: { vitest: "5.1.1" },
    scripts: { test: "vitest run" },
    allowScripts: { node: true },
  };
  expect(publishedManifest(manifest)).toEqual({
    name: "leadsman",
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    dependencies: { zod: "4.6.7" },
    peerDependencies: { sdk: "^2.0.0" },
    peerDependenciesMeta: { sdk: { optional: true } },
  });
});

test("what is an optional peer is asked of nobody, and is at hand here", () => {
  const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    readText("package.json"),
  ) as Record<string, Record<string, unknown>>;
  for (const name of Object.keys(peerDependencies ?? {})) {
    expect(peerDependenciesMeta?.[name]).toEqual({ optional: true });
    expect(Object.keys(dependencies ?? {})).not.toContain(name);
    expect(Object.keys(devDependencies ?? {})).toContain(name);
  }
});

test("the checkout's own manifest points at the source", () => {
  expect(JSON.parse(readText("package.json"))).toMatchObject({
    exports: { ".": "./src/index.ts", "./gateway": "./src/gateway.ts" },
  });
});
