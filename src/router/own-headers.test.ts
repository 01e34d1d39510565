import { describe, expect, test } from "vitest";
import { readOwnHeaders, type OwnHeaders } from "./own-headers.ts";

const NOTHING: OwnHeaders = {
  route: null,
  task: null,
  user: null,
  isBypassAsked: false,
  retryCount: 0,
  apiVersion: null,
};

describe("headers for us", () => {
  test("a client that says nothing asks for nothing", () => {
    expect(readOwnHeaders({})).toEqual(NOTHING);
  });

  test("all of them are read", () => {
    const headers = {
      "x-leadsman-route": "support",
      "x-leadsman-task": "summary_v-2",
      "x-leadsman-user": "Ann",
      "x-leadsman-bypass": "1",
      "x-stainless-retry-count": "2",
      "anthropic-version": "2023-06-01",
    };
    expect(readOwnHeaders(headers)).toEqual({
      route: "support",
      task: "summary_v-2",
      user: "Ann",
      isBypassAsked: true,
      retryCount: 2,
      apiVersion: "2023-06-01",
    });
  });

  test("an empty header is an absent one, and of a repeated one the first counts", () => {
    const headers = {
      "x-leadsman-route": "",
      "x-leadsman-user": ["ann", "bob"],
      "x-leadsman-task": [],
    };
    expect(readOwnHeaders(headers)).toEqual({ ...NOTHING, user: "ann" });
  });

  test.each([
    ["a".repeat(64), true],
    ["a".repeat(65), false],
    ["Summary", false],
    ["two words", false],
    ["summary\n", false],
    ["é", false],
  ])("task %j is well-formed: %s", (task, isWellFormed) => {
    expect(readOwnHeaders({ "x-leadsman-task": task }).task).toBe(isWellFormed ? task : null);
  });

  test.each(["0", "true", "yes", " 1", "11"])("bypass %j asks for nothing", (word) => {
    expect(readOwnHeaders({ "x-leadsman-bypass": word }).isBypassAsked).toBe(false);
  });

  test.each([
    ["1", 1],
    ["-1", 0],
    ["1.5", 0],
    ["many", 0],
    ["Infinity", 0],
    ["9007199254740993", 0],
  ])("retry count %j is %i", (text, count) => {
    expect(readOwnHeaders({ "x-stainless-retry-count": text }).retryCount).toBe(count);
  });
});
