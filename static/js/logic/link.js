// The address bar holds the whole configuration: what differs from the defaults, by dotted path.
import { defaultsOf, fault, present } from "./fields.js";
import { same } from "./spec.js";

const VERSION = "1";
/** Names in a link that are no settings: what is shown, not what is configured. */
const SHOWN = ["study", "run"];

/**
 * Read a link.
 *
 * @param {string} search the query string
 * @param {import("./fields.js").Field[]} table
 * @returns {{values: Record<string, *>, study: string | null, run: string | null,
 *   given: boolean, problems: {name: string, fault: string, field: object | null}[]}}
 *   every field has a value; what could not be read keeps its default and is listed in `problems`
 */
export function parse(search, table) {
  const query = new URLSearchParams(search);
  const problems = [];
  const read = {};
  const known = new Map(table.flatMap((field) => [[field.link, field], [field.path, field]]));
  // Choices first: which parameters exist depends on them.
  const fields = [...query].map(([name, text]) => ({ name, text, field: known.get(name) ?? null }));
  if (query.has("v") && query.get("v") !== VERSION) {
    problems.push({ name: "v", fault: "version", field: null });
  }
  for (const { name, text, field } of fields.filter((entry) => entry.field && !entry.field.when)) {
    take(field, name, text);
  }
  const chosen = defaultsOf(table, read);
  for (const { name, text, field } of fields) {
    if (name === "v" || SHOWN.includes(name)) continue;
    if (!field) problems.push({ name, fault: "unknown", field: null });
    else if (field.when) takeParameter(name, text);
  }
  return {
    values: { ...defaultsOf(table, read), ...read },
    study: query.get("study"),
    run: query.get("run"),
    given: fields.some(({ name }) => name !== "v" && !SHOWN.includes(name)),
    problems,
  };

  function takeParameter(name, text) {
    const mine = present(table, chosen).find(({ path, when }) => when && path === name);
    if (mine) take(mine, name, text);
    else problems.push({ name, fault: "absent", field: known.get(name) });
  }

  function take(field, name, text) {
    const value = fromText(field, text);
    const wrong = value === undefined ? field.type : fault(field, value);
    if (wrong) problems.push({ name, fault: wrong, field });
    else read[field.path] = value;
  }
}

/**
 * Write a link: only what differs from the defaults, in the table's order.
 *
 * @param {Record<string, *>} values
 * @param {{study?: string | null, run?: string | null}} shown
 * @returns {string} "" or "?v=1&..."
 */
export function write(values, table, shown = {}) {
  const defaults = defaultsOf(table, choicesOf(table, values));
  const query = new URLSearchParams();
  for (const field of present(table, values)) {
    const value = values[field.path];
    const isDefault = same(value, field.when ? defaults[field.path] : field.default);
    if (value !== undefined && !isDefault) query.append(field.link, toText(field, value));
  }
  for (const name of SHOWN) if (shown[name]) query.append(name, shown[name]);
  const text = query.toString();
  return text ? `?v=${VERSION}&${text}` : "";
}

function choicesOf(table, values) {
  const names = new Set(table.filter(({ when }) => when).map(({ when }) => when.path));
  return Object.fromEntries([...names].map((path) => [path, values[path]]));
}

/** The value that a text stands for; undefined where it stands for none. */
export function fromText(field, text) {
  if (field.nullable && (text === "" || text === "null")) return null;
  switch (field.type) {
    case "integer":
    case "number":
      // Number() would read "" as 0 and "0x10" as 16.
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : undefined;
    case "boolean":
      return { true: true, false: false }[text];
    case "list":
      return listOf(field, text);
    case "json":
      return fromJson(text);
    default:
      return text;
  }
}

function listOf(field, text) {
  const items = text.split(",").map((item) => fromText(field.each, item));
  return items.includes(undefined) ? undefined : items;
}

function fromJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toText(field, value) {
  if (value === null) return "null";
  if (field.type === "list") return value.join(",");
  return field.type === "json" ? JSON.stringify(value) : String(value);
}
