import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** A page in a browser without a window, with its own scripts switched off. */
export interface BrowserPage {
  /** Loads a page from an address such as `file:///…`. */
  open(url: string, view: PageView): Promise<void>;
  /** Changes how the page is seen. */
  see(view: PageView): Promise<void>;
  /** What an expression comes to in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** A PNG of what an element shows, twice as large; null when there is none. */
  picture(selector: string): Promise<Buffer | null>;
  /** Addresses that the page asked for since it was opened, its own first. */
  requests(): readonly string[];
  /** What the page complained of: errors, refused resources. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

export interface PageView {
  readonly widthPx: number;
  readonly colours: "light" | "dark";
}

type Answer = Readonly<Record<string, unknown>>;

/**
 * Starts Chromium and speaks its DevTools protocol over a pipe: no port, no driver, no download. What
 * a browser asks the network for on its own account is switched off.
 */
export async function openBrowser(path: string): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), "leadsman-browser-"));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const pipe = connect(child);
  const requests: string[] = [];
  const complaints: string[] = [];
  pipe.onEvent((method, params) => {
    if (method === "Network.requestWillBeSent") requests.push(textAt(params, "request", "url"));
    if (method === "Log.entryAdded") complaints.push(textAt(params, "entry", "text"));
  });
  const target = await pipe.ask("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await pipe.ask("Target.attachToTarget", {
    targetId: target["targetId"],
    flatten: true,
  });
  const ask = (method: string, params: object = {}): Promise<Answer> =>
    pipe.ask(method, params, String(sessionId));
  await ask("Page.enable");
  await ask("Network.enable");
  await ask("Log.enable");
  await ask("Emulation.setScriptExecutionDisabled", { value: true });
  const see = async ({ widthPx, colours }: PageView): Promise<void> => {
    const metrics = { width: widthPx, height: 800, deviceScaleFactor: 1, mobile: false };
    await ask("Emulation.setDeviceMetricsOverride", metrics);
    const features = [{ name: "prefers-color-scheme", value: colours }];
    await ask("Emulation.setEmulatedMedia", { features });
  };
  return {
    see,
    open: async (url, view) => {
      await see(view);
      requests.length = 0;
      const loaded = pipe.once("Page.loadEventFired");
      await ask("Page.navigate", { url });
      await loaded;
    },
    evaluate: async (expression) => {
      const { result } = await ask("Runtime.evaluate", { expression, returnByValue: true });
      return valueOf(result);
    },
    picture: async (selector) => {
      const found = await ask("Runtime.evaluate", {
        expression: `(() => {
          const rect = document.querySelector(${JSON.stringify(selector)})?.getBoundingClientRect();
          return rect && { x: rect.x + scrollX, y: rect.y + scrollY, width: rect.width, height: rect.height };
        })()`,
        returnByValue: true,
      });
      const clip = valueOf(found["result"]);
      if (typeof clip !== "object" || clip === null) return null;
      const { data } = await ask("Page.captureScreenshot", {
        clip: { ...clip, scale: 2 },
        captureBeyondViewport: true,
      });
      return Buffer.from(String(data), "base64");
    },
    requests: () => requests,
    complaints: () => complaints,
    close: async () => {
      const ended = new Promise((resolve) => child.on("close", resolve));
      await pipe.ask("Browser.close");
      await ended;
      rmSync(profile, { recursive: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

const FLAGS = [
  "--headless=new",
  "--remote-debugging-pipe",
  // Containers and root have no user namespaces; the only page is one that the test has written.
  "--no-sandbox",
  ...[
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-extensions",
  ],
  ...["--disable-background-networking", "--disable-component-update", "--hide-scrollbars"],
];

/** Messages end with a zero byte; an answer has the id of its question. */
function connect(child: ChildProcess) {
  const [, , , write, read] = child.stdio;
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  const listeners = new Set<(method: string, params: Answer) => void>();
  let lastId = 0;
  let rest = "";
  asReadable(read)
    .setEncoding("utf8")
    .on("data", (chunk: string) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop() ?? "";
      for (const text of messages) {
        const message: Message = JSON.parse(text);
        take(message);
      }
    });
  child.on("error", fail);
  child.on("close", () => fail(new Error("The browser has ended.")));
  return {
    ask: (method: string, params: object = {}, sessionId?: string): Promise<Answer> => {
      lastId += 1;
      const answer = Promise.withResolvers<Answer>();
      waiting.set(lastId, answer);
      asWritable(write).write(`${JSON.stringify({ id: lastId, method, params, sessionId })}\0`);
      return answer.promise;
    },
    onEvent: (listener: (method: string, params: Answer) => void): void => {
      listeners.add(listener);
    },
    once: (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        const listener = (method: string): void => {
          if (method !== wanted) return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      }),
  };

  function take({ id, method, params, result, error }: Message): void {
    if (id === undefined) {
      for (const listener of [...listeners]) listener(method ?? "", params ?? {});
      return;
    }
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) answer?.resolve(result ?? {});
    else answer?.reject(new Error(error.message));
  }

  function fail(error: Error): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Answer;
  readonly result?: Answer;
  readonly error?: { readonly message: string };
}

function asReadable(stream: ChildProcess["stdio"][number]): Readable {
  if (stream != null && "setEncoding" in stream) return stream;
  throw new Error("The browser's pipe cannot be read.");
}

function asWritable(stream: ChildProcess["stdio"][number]): Writable {
  if (stream != null && "write" in stream) return stream;
  throw new Error("The browser's pipe cannot be written.");
}

function textAt(params: Answer, key: string, inner: string): string {
  const value = params[key];
  return typeof value === "object" && value !== null
    ? String(Object.entries(value).find(([name]) => name === inner)?.[1])
    : "";
}

function valueOf(result: unknown): unknown {
  return typeof result === "object" && result !== null && "value" in result ? result.value : null;
}
