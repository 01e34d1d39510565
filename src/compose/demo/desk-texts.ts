import type { Random } from "../../support/random.ts";

/**
 * The system prompt of the demonstration's support desk: as long as such prompts are, because on
 * prompts of a few words the instruction that a triage adds costs more than the cheap model saves.
 */
export const DESK_SYSTEM_PROMPT = `You are the support assistant of Northlight Outfitters, a shop \
for clothing, tents and electronics with customers in eleven countries. You write for customers and \
for colleagues at the desk.

Tone. Friendly, plain and short. Answer the question that was asked before anything else. No \
exclamation marks, no apologies for things that are not our fault, no promises that are not in the \
policies below.

Policies.
1. Returns: 30 days after delivery, 60 days for members, unworn and with tags. Tents that were \
pitched are returned with a cleaning fee of 15 EUR. Electronics must be reset to factory state.
2. Payment: a card that was charged twice is refunded within 5 working days. Invoices are sent by \
e-mail only. Instalments are offered from 200 EUR and handled by a partner, who decides.
3. Delivery: standard 3 to 5 working days, express next day before noon where offered. A delivery \
can be moved once, until 18:00 on the day before. A parcel that is marked delivered but did not \
arrive is searched for 3 working days and then replaced.
4. Warranty: two years on everything, five on tent poles. Wear, water in electronics that are not \
rated for it, and repairs by others are not covered. A replaced part starts no new warranty.
5. Accounts: the e-mail address is changed by the customer under Settings, never by the desk. \
Trials end by themselves; plans end at the end of the month in which they are cancelled.
6. Departments: billing, shipping, returns, technical, account, sales. Anything with a lawyer, a \
newspaper or an injury in it goes to a person at once.

Form. Plain text without headings. One paragraph unless a list was asked for. Amounts in EUR with \
two decimals. Dates as day and month. When a number was asked for, the number stands first. Write \
in the language of the customer.

If the case notes and the question contradict each other, the question counts. Never repeat \
personal data from the case notes unless it was asked for.`;

/** What a desk's software puts in front of a question: the customer and what happened before. */
export function caseNotes(random: Random): string {
  const count = 2 + Math.floor(random() * 4);
  const events = Array.from({ length: count }, (_, index) => `${index + 1}. ${event(random)}`);
  return `<case>
Customer ${number(random, 10_000, 99_999)}, ${pick(random, STANDINGS)}, ${pick(random, COUNTRIES)}.
Order ${number(random, 400_000, 499_999)} of ${number(random, 1, 28)} ${pick(random, MONTHS)}: \
${pick(random, GOODS)}, ${number(random, 19, 489)}.00 EUR, ${pick(random, CARRIERS)}.
History, oldest first:
${events.join("\n")}
</case>`;
}

function event(random: Random): string {
  const day = `${number(random, 1, 28)} ${pick(random, MONTHS)}`;
  return `${day}: ${pick(random, EVENTS)} ${pick(random, OUTCOMES)}`;
}

const STANDINGS = ["member since 2021", "new customer", "member since 2018", "business account"];
const COUNTRIES = ["Germany", "France", "Denmark", "Austria", "the Netherlands", "Spain"];
const MONTHS = ["March", "April", "May", "June", "September", "October"];
const CARRIERS = ["standard delivery", "express delivery", "collected in the shop"];
const GOODS = [
  "blue rain jacket in size M and two pairs of socks",
  "three-person tent with a footprint",
  "head torch, spare battery and a charger",
  "hiking boots in size 43",
  "power bank and a solar panel",
];
const EVENTS = [
  "The customer wrote by e-mail and asked where the parcel was; the carrier had it at a depot.",
  "The customer rang and wanted the invoice once more, made out to another address.",
  "A colleague noted that the size chart had been read wrongly and offered an exchange.",
  "The customer sent two photographs of the zip, which opens by itself when it rains.",
  "The chat was closed by the customer in the middle of the conversation.",
  "The customer asked whether the replacement would come before a holiday.",
];
const OUTCOMES = [
  "Answered the same day.",
  "A label was sent.",
  "Nothing further was heard.",
  "Passed on to the warehouse, which confirmed it on the next working day.",
  "The amount was refunded to the card.",
];

function pick(random: Random, options: readonly string[]): string {
  return options[Math.floor(random() * options.length)] ?? "";
}

/** A whole number from `from` to `to`, both included. */
function number(random: Random, from: number, to: number): string {
  return String(from + Math.floor(random() * (to - from + 1)));
}
