// Every sentence of the pages comes from templates/words.json; nothing else holds words.

let table = {};

/** Use this table of words (nested objects of strings) from now on. */
export function use(words) {
  table = words;
}

/**
 * The words at a dotted key, with `{name}` filled in.
 *
 * `{n|step|steps}` is the singular where n is 1, else the plural.
 *
 * @throws {Error} on an unknown key or a value that is missing: a wrong key must fail in a test.
 */
export function t(key, values = {}) {
  return phrase(lookup(table, key), values, key);
}

/** Fill the placeholders of one sentence. */
export function phrase(text, values, key = text) {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => {
    if (!(name in values)) throw new Error(`The words at ${key} need a value for ${name}.`);
    if (one === undefined) return String(values[name]);
    return Number(values[name]) === 1 ? one : many;
  });
}

/** Whether there are words at this key. */
export function has(key) {
  return typeof find(table, key) === "string";
}

function lookup(words, key) {
  const found = find(words, key);
  if (typeof found !== "string") throw new Error(`There are no words at ${key}.`);
  return found;
}

function find(words, key) {
  return key
    .split(".")
    .reduce((inner, part) => (inner && Object.hasOwn(inner, part) ? inner[part] : undefined), words);
}
