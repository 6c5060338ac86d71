// What a choice offers, in the catalog's words.

/**
 * @typedef {{field: string, names: string[], why: string, unless: Record<string, string[]>}} Need one of these names
 *   for another field, and why; nothing where a field of `unless` has one of the names there
 */

/**
 * What can be chosen for a field.
 *
 * @param {import("#logic/fields.js").Field} field
 * @returns {{name: string, title: string, summary: string, needs: Need[]}[]}
 */
export function choicesOf(field, catalog) {
  const entries = [...(catalog[field.entries] ?? []), ...(field.entries === "data" ? catalog.unusable : [])];
  const known = entries.map(({ name }) => name);
  // Where the names are not all: those that the catalog found beside them.
  const names = field.pattern ? known : field.choices;
  return names.map((name) => ({ name, title: name, summary: "", needs: [], ...entries.find((one) => one.name === name) }));
}

/** The title of one named choice, or the value itself as text. */
export function titleOf(path, value, catalog) {
  const field = catalog.fields.find((one) => one.path === path);
  return catalog[field?.entries]?.find(({ name }) => name === value)?.title ?? String(value);
}

/**
 * What a choice for a field asks of the network's other settings and does not get: the first such need,
 * or undefined. A network that is held against another (`against`) has its own skip.
 *
 * @param {{path: string}} field
 * @param {{name: string, needs: Need[]}} choice
 * @param {Record<string, *>} values
 */
export function unmet({ path }, { name, needs }, values) {
  const own = path === "against" ? "net.skip" : path;
  const others = { ...values, [own]: name };
  const has = (field, names) => names.includes(others[`net.${field}`]);
  return needs.find(
    ({ field, names, unless }) => !has(field, names) && !Object.entries(unless).some((one) => has(...one)),
  );
}
