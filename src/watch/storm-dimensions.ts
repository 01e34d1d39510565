/**
 * The properties by which requests are divided into classes. A request is in at most one class of
 * each; names that end in a colon have a class for each value. Whoever gives requests a class of
 * another property adds it here, since the alarm level follows from their number.
 */
export const STORM_DIMENSIONS = [
  "route",
  "task:",
  "length:",
  "turns:",
  "script:",
  "has:code",
  "has:images",
  "has:tools",
] as const;
export type StormDimension = (typeof STORM_DIMENSIONS)[number];

/** By which property requests are in this class; null = by none that is known. */
export function stormDimension(name: string): StormDimension | null {
  const isOf = (dimension: StormDimension): boolean =>
    dimension.endsWith(":") ? name.startsWith(dimension) : name === dimension;
  return STORM_DIMENSIONS.find(isOf) ?? null;
}

/** Requests of a route between two false storms, at least and on average, of all classes together. */
export const REQUESTS_PER_FALSE_STORM = 100_000;

/**
 * What each class has to reach. A class within the limit alarms at most 1/level times a request of its
 * own (`change-detector.ts`: total - requests + level · alarms is a supermartingale), the classes of
 * one property share out the requests, so all classes together alarm at most (properties/level) times
 * a request: a sum of means, which holds however classes overlap and however many there are.
 */
export const STORM_ALARM_LEVEL: number = STORM_DIMENSIONS.length * REQUESTS_PER_FALSE_STORM;
