import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkHost,
  checkOrigin,
  createTokenCheck,
  isLoopbackHost,
  knownHosts,
} from "./authorise.ts";

describe("loopback", () => {
  test.each(["localhost", "127.0.0.1", "127.8.9.1", "::1"])("%s is", (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });
  test.each(["0.0.0.0", "::", "10.0.0.1", "127.evil.example", "localhost.evil.example", ""])(
    "%s is not",
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});

describe("Host", () => {
  const known = knownHosts("Gate.internal", 8787, ["llm.example.com", "other.example:9000"]);
  test.each([
    "localhost:8787",
    "LOCALHOST:8787",
    "127.0.0.1:8787",
    "[::1]:8787",
    "gate.internal:8787",
    "llm.example.com",
    "llm.example.com:8787",
    "LLM.example.com",
    "other.example:9000",
    "10.1.2.3:8787",
  ])("%s is known", (host) => {
    expect(checkHost(host, known, "::ffff:10.1.2.3", 8787)).toBeNull();
  });
  test.each([
    undefined,
    "",
    "localhost",
    "localhost:87",
    "localhost:87870",
    "localhost:8787.evil.example",
    "evil.example:8787",
    "llm.example.com:443x",
    "other.example",
    "other.example:8787",
    "10.1.2.4:8787",
    "10.1.2.3:80",
  ])("%s is not", (host) => {
    expect(checkHost(host, known, "10.1.2.3", 8787)?.status).toBe(421);
  });
  test("on port 80 the port may be left out", () => {
    expect(
      checkHost("localhost", knownHosts("127.0.0.1", 80, []), undefined, undefined),
    ).toBeNull();
  });
});

describe("Origin", () => {
  const host = "localhost:8787";
  test.each([
    undefined,
    "http://localhost:8787",
    "https://localhost:8787",
    "HTTP://LocalHost:8787",
  ])("%s passes", (origin) => {
    expect(checkOrigin({ host, ...(origin === undefined ? {} : { origin }) })).toBeNull();
  });
  test.each([
    "null",
    "",
    "http://localhost",
    "http://localhost:8788",
    "http://evil.example",
    "file://",
  ])("%s is refused", (origin) => {
    expect(checkOrigin({ host, origin })?.status).toBe(403);
  });
});

describe("token", () => {
  const token = "s3cret-token";
  test("none is asked for when none is set", () => {
    expect(createTokenCheck(null, false)({})).toBeNull();
  });
  test.each([
    [{ "x-leadsman-token": token }, true, true],
    [{ authorization: `Bearer ${token}` }, false, true],
    [{ authorization: `bearer  ${token}` }, false, true],
    [{ "x-api-key": token }, false, true],
    [{ "x-api-key": "sk-ant-1", "x-leadsman-token": token }, true, true],
    [{ "x-api-key": token, "x-leadsman-token": "wrong" }, false, true],
    [{ authorization: token }, false, false],
    [{ authorization: `Basic ${token}` }, false, false],
    [{ authorization: `Bearer ${token} x` }, false, false],
    [{ "x-leadsman-token": `${token}, ${token}` }, false, false],
    [{ "x-leadsman-token": "" }, false, false],
    [{}, false, false],
  ])("%j", (headers, isEnough, isEnoughAsApiKey) => {
    expect(createTokenCheck(token, false)(headers) === null).toBe(isEnough);
    expect(createTokenCheck(token, true)(headers) === null).toBe(isEnoughAsApiKey);
  });
  test("nothing but the token opens, and every denial is the same", () => {
    const check = createTokenCheck(token, true);
    const denial = check({});
    expect(denial?.status).toBe(401);
    const nearMiss = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(token.slice(1), token.slice(0, -1), `${token} `, token.toUpperCase()),
      fc.string().map((text) => token + text),
    );
    fc.assert(
      fc.property(nearMiss, (text) => {
        fc.pre(text !== token);
        for (const headers of [
          { "x-leadsman-token": text },
          { "x-api-key": text },
          { authorization: `Basic ${text}` },
        ]) {
          expect(check(headers)).toBe(denial);
        }
      }),
    );
  });
});
