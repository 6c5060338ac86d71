// Every setting, as one flat list: the catalogue's. It drives the form, the link and the defaults, so
// that none of the three can know a setting the others don't.

/**
 * @typedef {object} Field as app/spec/fields.py describes it
 * @property {string} path dotted path into RunSpec ("optimizer.lr"), or a study's own ("against"); a choice's
 *   holds its name, and its parameters lie below it
 * @property {"integer" | "number" | "boolean" | "choice" | "value" | "list" | "json"} kind
 * @property {*} default
 * @property {string} title
 * @property {string} help
 * @property {boolean} nullable
 * @property {number | null} minimum @property {number | null} maximum of a list, how many it holds
 * @property {boolean} above the value must be above `minimum`, not equal to it
 * @property {boolean} below the value must be below `maximum`, not equal to it
 * @property {number} step whole numbers lie so far apart
 * @property {string[]} choices
 * @property {string} pattern a text of this form is a choice, too
 * @property {string} entries the catalogue's list that tells of the choices
 * @property {Field} each what a list holds
 * @property {Record<string, string[]>} when it exists only where each of these settings has one of these names
 * @property {boolean} [study] it is a study's own
 */

/** The settings of a RunSpec. @returns {Field[]} */
export const fieldsOf = (catalog) => catalog.fields;

/**
 * The settings of a study: those of the RunSpec of its `base` (without the prefix), then its own. What a
 * study's page asks its runs to measure is the default here.
 *
 * @param {string} study "twins", "depth" or "sweep"
 * @returns {Field[]}
 */
export function studyFieldsOf(catalog, study) {
  const { fields, measures } = catalog.studies.find(({ name }) => name === study);
  const base = fieldsOf(catalog).map((field) => (field.path === "measures" ? { ...field, default: measures } : field));
  return [...base, ...fields.map((field) => ({ ...field, study: true }))];
}

/** The fields that exist with these values: those of the chosen optimizer, not of the others. */
export function present(table, values) {
  const met = ([path, names]) => names.includes(values[path]);
  return table.filter(({ when }) => Object.entries(when).every(met));
}

/** The field of this path that exists with these values, or undefined. */
export const fieldAt = (table, values, path) => present(table, values).find((field) => field.path === path);

/** The choice whose parameter a field is, or the field itself: path. */
export const rootOf = ({ path, when }) =>
  Object.keys(when).find((choice) => path.startsWith(`${choice}.`)) ?? path;

/** The paths of fields, choices in this order (others last), each followed by its parameters. */
export function arranged(fields, order) {
  const rank = (field) => (order.includes(rootOf(field)) ? order.indexOf(rootOf(field)) : order.length);
  return [...new Set([...fields].sort((a, b) => rank(a) - rank(b)).map(({ path }) => path))];
}

/**
 * A value for every field that exists with them, by path: `valueOf(field)` is asked for each once it
 * is known to exist.
 */
export function filled(table, valueOf) {
  const values = {};
  for (;;) {
    const fresh = present(table, values).filter(({ path }) => !Object.hasOwn(values, path));
    if (!fresh.length) return values;
    for (const field of fresh) values[field.path] = valueOf(field);
  }
}

/** Every field that exists with these values, by path: what they leave out has its default. */
export const completed = (table, values = {}) =>
  filled(table, ({ path, default: usual }) => (values[path] === undefined ? usual : values[path]));

/** Whether a list may have so many entries. */
const many = ({ minimum, maximum }, length) => length >= (minimum ?? 0) && length <= (maximum ?? Infinity);

const fits = (pattern, text) => pattern !== "" && new RegExp(pattern).test(text);

/** What is wrong with a value for a field: null, or which rule it breaks. */
export function fault(field, value) {
  if (value === null) return field.nullable ? null : "missing";
  switch (field.kind) {
    case "integer":
      if (!Number.isSafeInteger(value)) return "integer";
      break;
    case "number":
      if (!Number.isFinite(value)) return "number";
      break;
    case "boolean":
      return typeof value === "boolean" ? null : "boolean";
    case "choice":
      return field.choices.includes(value) || fits(field.pattern, value) ? null : "choice";
    case "value":
      return typeof value === "string" || Number.isFinite(value) ? null : "value";
    case "list":
      return Array.isArray(value) && many(field, value.length) && value.every((item) => !fault(field.each, item))
        ? null
        : "list";
    default:
      return null;
  }
  const { minimum: low, maximum: high, above, below } = field;
  if (low !== null && (value < low || (above && value === low))) return "range";
  if (high !== null && (value > high || (below && value === high))) return "range";
  return null;
}
