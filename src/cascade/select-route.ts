import { REQUESTED_MODEL, type Route } from "./route.ts";

export interface RouteQuery {
  /** The model that the client named. */
  readonly requestedModel: string;
  /** Header `x-leadsman-route`; null when absent. */
  readonly routeHeader: string | null;
  /** In the order of the configuration. */
  readonly routes: readonly Route[];
}

export type RouteSelection =
  /** `isVirtual`: the client named us, not a model, so the body's model must be replaced. */
  | { readonly kind: "route"; readonly route: Route; readonly isVirtual: boolean }
  | { readonly kind: "passthrough" }
  /** To be told to the client in the error envelope of the Messages API. */
  | {
      readonly kind: "problem";
      readonly status: 400 | 404;
      readonly type: "invalid_request_error" | "not_found_error";
      readonly message: string;
    };

/** The virtual model that stands for the only route, or the one named `default`. */
const ANY_ROUTE_MODEL = "leadsman";
const DEFAULT_ROUTE = "default";

/** Virtual models of one route. The second form is for clients that only offer Claude models. */
const ROUTE_PREFIXES = ["leadsman/", "claude-leadsman-"] as const;

/**
 * Finds the route of a request: by virtual model name, else by header, else the first whose pattern
 * fits the requested model; else none applies. A route that ends in the requested model is not for
 * requests of its own cheap model: there is nothing deeper to go to.
 */
export function selectRoute(query: RouteQuery): RouteSelection {
  const { requestedModel, routeHeader, routes } = query;
  if (requestedModel === ANY_ROUTE_MODEL) return onlyRoute(routes);
  for (const prefix of ROUTE_PREFIXES) {
    if (requestedModel.startsWith(prefix)) {
      return virtualRoute(requestedModel.slice(prefix.length), requestedModel, routes);
    }
  }
  if (routeHeader !== null) {
    const named = routes.find(({ name }) => name === routeHeader);
    if (named !== undefined) return { kind: "route", route: named, isVirtual: false };
    return notFound(`The header x-leadsman-route names no route: "${routeHeader}".`, routes);
  }
  const fitting = routes.find((route) => appliesTo(route, requestedModel));
  if (fitting === undefined) return { kind: "passthrough" };
  return { kind: "route", route: fitting, isVirtual: false };
}

/** The model names under which routes can be asked for; for lists of models. */
export function virtualModelNames(routes: readonly Route[]): readonly string[] {
  const names: string[] = onlyRoute(routes).kind === "route" ? [ANY_ROUTE_MODEL] : [];
  for (const route of routes) {
    if (!isComplete(route)) continue;
    for (const prefix of ROUTE_PREFIXES) names.push(prefix + route.name);
  }
  return names;
}

/**
 * Whether a model fits a pattern of `Route.matchModel`. Exact but for `*`; a pattern of exclusions
 * alone fits all else.
 */
export function fitsModelPattern(pattern: string, model: string): boolean {
  let hasInclusions = false;
  let hasExclusions = false;
  let isIncluded = false;
  for (const word of pattern.split(/\s+/)) {
    if (word === "") continue;
    if (word.startsWith("!")) {
      if (fitsGlob(word.slice(1), model)) return false;
      hasExclusions = true;
    } else {
      hasInclusions = true;
      isIncluded ||= fitsGlob(word, model);
    }
  }
  return hasInclusions ? isIncluded : hasExclusions;
}

function fitsGlob(glob: string, model: string): boolean {
  const [head = "", ...rest] = glob.split("*");
  const tail = rest.pop();
  if (tail === undefined) return glob === model;
  if (!model.startsWith(head)) return false;
  let from = head.length;
  for (const part of rest) {
    const at = model.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return model.length - tail.length >= from && model.endsWith(tail);
}

function appliesTo(route: Route, model: string): boolean {
  if (route.matchModel === null || !fitsModelPattern(route.matchModel, model)) return false;
  return isComplete(route) || !isSameModel(route.tiers[0]?.model ?? "", model);
}

/** Whether every tier names its model, so that the route needs none from the client. */
function isComplete(route: Route): boolean {
  return route.tiers.every(({ model }) => model !== REQUESTED_MODEL);
}

/** A dated id is the same model as the undated one: `claude-haiku-4-5-20251001`. */
function isSameModel(left: string, right: string): boolean {
  return withoutDate(left) === withoutDate(right);
}

function withoutDate(model: string): string {
  return model.replace(/[-@]\d{8}$/, "");
}

function onlyRoute(routes: readonly Route[]): RouteSelection {
  const [first] = routes;
  const route = routes.length === 1 ? first : routes.find(({ name }) => name === DEFAULT_ROUTE);
  if (route !== undefined) return asVirtual(route, ANY_ROUTE_MODEL);
  const wanted = `The model "${ANY_ROUTE_MODEL}" needs one route, or one named "${DEFAULT_ROUTE}".`;
  return badRequest(`${wanted} ${listed(routes)}`);
}

function virtualRoute(name: string, model: string, routes: readonly Route[]): RouteSelection {
  const route = routes.find((candidate) => candidate.name === name);
  if (route !== undefined) return asVirtual(route, model);
  return notFound(`The model "${model}" names no route.`, routes);
}

function asVirtual(route: Route, model: string): RouteSelection {
  if (isComplete(route)) return { kind: "route", route, isVirtual: true };
  return badRequest(
    `The route "${route.name}" answers with the model that is requested, but "${model}" is none. ` +
      `Request a real model, or name a model in each tier of the route.`,
  );
}

function badRequest(message: string): RouteSelection {
  return { kind: "problem", status: 400, type: "invalid_request_error", message };
}

function notFound(what: string, routes: readonly Route[]): RouteSelection {
  const message = `${what} ${listed(routes)}`;
  return { kind: "problem", status: 404, type: "not_found_error", message };
}

function listed(routes: readonly Route[]): string {
  if (routes.length === 0) return "No routes are configured.";
  return `Routes: ${routes.map(({ name }) => name).join(", ")}.`;
}
