/** Where a setting is: names of keys and positions in lists. */
export type SettingPath = readonly (string | number)[];

/** `["routes", 0, "tiers"]` as `routes[0].tiers`. Each path has a text of its own. */
export function formatPath(path: SettingPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (!/^[\w-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}
