import { LeadsmanError } from "../support/leadsman-error.ts";

/** Puts into words that something else listens already; null for any other error. */
export function portTaken(error: unknown, place: string, whatToDo: string): LeadsmanError | null {
  if (!isPortTaken(error)) return null;
  const sentence = `${place} is taken, perhaps by another leadsman. ${whatToDo}`;
  return new LeadsmanError("port_taken", sentence, { cause: error });
}

function isPortTaken(error: unknown): error is LeadsmanError {
  if (!(error instanceof LeadsmanError) || !(error.cause instanceof Error)) return false;
  return "code" in error.cause && error.cause.code === "EADDRINUSE";
}
