// The address bar holds the whole configuration: what differs from the defaults, by dotted path.
import { fault, filled, present } from "#logic/fields.js";
import { same } from "#logic/spec.js";

const VERSION = "2";
/** Names in a link that are no settings: what is shown, not what is configured. */
const SHOWN = ["study", "run", "scale"];

/** What settings were called in version 1; what has no name any more changed nothing. */
const FIRST = new Map([["data.name", "data"], ["optimizer.name", "optimizer"], ["net.block", null]]);
/** Skips of version 1 that never used `net.downsample`. */
const NEVER = ["none", "projection"];

/**
 * Read a link; one without `v` is of version 1.
 *
 * @param {string} search the query string
 * @param {import("#logic/fields.js").Field[]} table
 * @returns {{values: Record<string, *>, study: string | null, run: string | null,
 *   given: boolean, problems: {name: string, fault: string, field: Json | null}[]}}
 *   every field has a value; what could not be read keeps its default and is listed in `problems`
 */
export function parse(search, table) {
  const query = new URLSearchParams(search);
  const version = query.get("v") ?? "1";
  const problems = [];
  if (!["1", VERSION].includes(version)) problems.push({ name: "v", fault: "version", field: null });
  const texts = new Map(); // by path: the name in the link and what it says
  for (const [name, text] of query) {
    const path = version === "1" && FIRST.has(name) ? FIRST.get(name) : name;
    if (path !== null && name !== "v" && !SHOWN.includes(name)) texts.set(path, { name, text });
  }
  const values = filled(table, take);
  if (idle("net.downsample") && Object.hasOwn(values, "net.downsample") && NEVER.includes(values["net.skip"]))
    values["net.downsample"] = table.find(({ path }) => path === "net.downsample").default;
  for (const [path, { name }] of texts) {
    if (Object.hasOwn(values, path)) continue;
    const field = table.find((one) => one.path === path) ?? null;
    if (!idle(path)) problems.push({ name, fault: field ? "absent" : "unknown", field });
  }
  return { values, study: query.get("study"), run: query.get("run"), given: texts.size > 0, problems };

  /** In version 1 every network had a setting for shortcuts where the shape changes. */
  function idle(path) {
    return version === "1" && path === "net.downsample";
  }

  function take(field) {
    if (!texts.has(field.path)) return field.default;
    const { name, text } = texts.get(field.path);
    const value = fromText(field, text);
    const wrong = value === undefined ? field.kind : fault(field, value);
    if (wrong) problems.push({ name, fault: wrong, field });
    return wrong ? field.default : value;
  }
}

/**
 * Write a link: only what differs from the defaults, in the table's order.
 *
 * @param {Record<string, *>} values
 * @param {{study?: string | null, run?: string | null, scale?: string | null}} shown
 * @returns {string} "" or "?v=2&..."
 */
export function write(values, table, shown = {}) {
  const query = new URLSearchParams();
  for (const field of present(table, values)) {
    const value = values[field.path];
    if (value !== undefined && !same(value, field.default)) query.append(field.path, toText(field, value));
  }
  for (const name of SHOWN) if (shown[name]) query.append(name, shown[name]);
  const text = query.toString();
  return text ? `?v=${VERSION}&${text}` : "";
}

/** The value that a text stands for; undefined where it stands for none. */
export function fromText(field, text) {
  if (field.nullable && (text === "" || text === "null")) return null;
  switch (field.kind) {
    case "integer":
    case "number":
      return isNumber(text) ? Number(text) : undefined;
    case "value":
      return isNumber(text) ? Number(text) : text || undefined;
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

/** Number() would read "" as 0 and "0x10" as 16. */
const isNumber = (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim());

/** Values with commas between; some links of version 1 have them as JSON. */
function listOf(field, text) {
  if (text.startsWith("[")) return fromJson(text);
  if (text === "") return [];
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
  if (field.kind === "list") return value.join(",");
  return field.kind === "json" ? JSON.stringify(value) : String(value);
}
