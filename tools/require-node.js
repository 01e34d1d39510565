// Plain JavaScript that an old Node can still parse. Every npm script runs it first.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const needed = manifest.engines.node.replace(/^>=/, "");
const found = process.versions.node;

if (!isAtLeast(found.split(".").map(Number), needed.split(".").map(Number))) {
  process.stderr.write(
    `This needs Node ${needed} or newer and found ${found} (${process.execPath}).\n` +
      "`npm ci` brings Node 24 into node_modules, unless install scripts are blocked: then either\n" +
      "allow the one of the package `node` (`npm rebuild node`) or install Node 24 yourself.\n",
  );
  process.exitCode = 2;
}

function isAtLeast(version, floor) {
  const different = floor.findIndex((part, index) => part !== version[index]);
  return different === -1 || version[different] > floor[different];
}
