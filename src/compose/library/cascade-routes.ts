import type { LiveRouteBook } from "../../router/live-route-book.ts";
import type { ActiveRoute, RouteBook } from "../../router/route-book.ts";

/** Routes of a cascade, one of which can be another for a single call. */
export interface CascadeRoutes extends RouteBook {
  /** Lets `start` see `variant` in place of the route of that name, until it first waits. */
  withVariant<Outcome>(variant: ActiveRoute, start: () => Outcome): Outcome;
}

/**
 * A classification brings its own labels and perhaps its own threshold, so its route differs from
 * call to call in what does not count for the route's version. The router reads its routes once for
 * each request, before it waits for anything, so a call sees exactly the variant it was made with.
 */
export function createCascadeRoutes(book: LiveRouteBook): CascadeRoutes {
  let current: readonly ActiveRoute[] | null = null;
  return {
    current: () => current ?? book.current(),
    withVariant: (variant, start) => {
      const isReplaced = ({ route }: ActiveRoute): boolean => route.name === variant.route.name;
      current = book.current().map((active) => (isReplaced(active) ? variant : active));
      try {
        return start();
      } finally {
        current = null;
      }
    },
  };
}
