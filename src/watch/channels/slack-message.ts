import type { JsonObject } from "../../support/json.ts";
import { factLines, linkTo, shortText, timeOf, titleOf } from "./alert-text.ts";
import type { Notification } from "./notification.ts";

/** Limits of Block Kit in characters; of a section 3,000, and escaping makes five of one. */
const MAX_HEADER = 150;
const MAX_SECTION = 560;
const MAX_FIELDS = 10;

/** A message for an incoming webhook of Slack: blocks, and plain text where those are not shown. */
export function slackMessage(
  { event, alert }: Notification,
  gatewayUrl: string | null,
): JsonObject {
  const title = titleOf(alert, event);
  const summary = shortText(alert.summary, MAX_SECTION);
  const time = timeOf(alert, event);
  const facts = factLines(alert).slice(0, MAX_FIELDS);
  const link = linkTo(alert, gatewayUrl);
  const footer = link === null ? alert.id : `<${link}|${alert.id}>`;
  const blocks: JsonObject[] = [
    { type: "header", text: { type: "plain_text", text: shortText(title, MAX_HEADER) } },
    section(`${escapeSlack(summary)}\n_${time}_`),
  ];
  if (facts.length > 0) {
    const fields = facts.map(({ name, value }) =>
      markdown(`*${escapeSlack(name)}*\n${escapeSlack(value)}`),
    );
    blocks.push({ type: "section", fields });
  }
  if (event === "opened") {
    const { action, revert } = alert;
    blocks.push(
      section(`*Done by itself:* ${escapeSlack(shortText(action ?? "nothing", MAX_SECTION))}`),
    );
    if (revert !== null) blocks.push(section(`*To take it back:* \`${codeText(revert)}\``));
  }
  blocks.push({ type: "context", elements: [markdown(footer)] });
  return { text: escapeSlack(`${title}: ${summary}`), blocks };
}

function section(text: string): JsonObject {
  return { type: "section", text: markdown(text) };
}

function markdown(text: string): JsonObject {
  return { type: "mrkdwn", text };
}

/** Without this, a task named `<!channel>` would call everybody. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function codeText(text: string): string {
  return escapeSlack(shortText(text, MAX_SECTION)).replaceAll("`", "'");
}
