import { expect, test } from "vitest";
import { readText } from "./checkout.ts";
import { publishedManifest, type Manifest } from "./published-manifest.ts";

test("users get what is built, and nothing that is for development only", () => {
  const manifest: Manifest = {
    name: "leadsman",
    exports: { ".": "./src/index.ts", "./package.json": "./package.json" },
    dependencies: { zod: "4.6.7" },
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
  });
});

test("the checkout's own manifest points at the source", () => {
  expect(JSON.parse(readText("package.json"))).toMatchObject({
    exports: { ".": "./src/index.ts", "./gateway": "./src/gateway.ts" },
  });
});
