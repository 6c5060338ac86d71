// What a choice offers, in the catalog's words.
const LISTS = {
  "net.family": "families",
  "net.skip": "skips",
  "net.downsample": "downsamples",
  "net.block": "blocks",
  "net.norm": "norms",
  "net.activation": "activations",
  "net.init": "inits",
  "data.name": "data",
  "optimizer.name": "optimizers",
  against: "skips",
};

/**
 * What can be chosen for a field.
 *
 * @returns {{name: string, title: string, summary: string}[]}
 */
export function choicesOf(field, catalog) {
  const entries = [...(catalog[LISTS[field.path]] ?? []), ...(field.path === "data.name" ? catalog.unusable : [])];
  const listed = entries.map(({ name }) => name);
  // Where the names are not all: those that the catalog found beside them.
  const names = field.choices && !field.pattern ? field.choices : listed;
  return names.map((name) => {
    const entry = entries.find((one) => one.name === name);
    return { name, title: entry?.title ?? name, summary: entry?.summary ?? "" };
  });
}

/** The title of one named choice, or the value itself as text. */
export function titleOf(path, value, catalog) {
  return catalog[LISTS[path]]?.find(({ name }) => name === value)?.title ?? String(value);
}
