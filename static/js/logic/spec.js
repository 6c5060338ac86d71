// A RunSpec as nested JSON, and the same as one flat map of dotted paths: what forms and links use. There
// the path of a choice holds its name, and its parameters lie below it.

const VERSION = 2;

/** The name of a choice, which stands bare or with its parameters. */
export const chosen = (choice) => choice?.name ?? choice;

/** The name of a network's skip. */
export const skipOf = (spec) => chosen(spec.net.skip);

/** A RunSpec (or a study's fields beside its base) as `{path: value}`. */
export function flatten(spec, prefix = "") {
  const flat = {};
  for (const [name, value] of Object.entries(spec)) {
    const path = prefix + name;
    if (path === "version") continue;
    if (!isObject(value)) flat[path] = value;
    else {
      const { name: choice, ...parameters } = value;
      if (choice !== undefined) flat[path] = choice;
      Object.assign(flat, flatten(parameters, `${path}.`));
    }
  }
  return flat;
}

/** `{path: value}` as a RunSpec; the inverse of `flatten`. */
export function nest(values) {
  const spec = { version: VERSION };
  const above = (path) => path.slice(0, path.lastIndexOf("."));
  const parents = new Set(Object.keys(values).map(above));
  for (const [path, value] of Object.entries(values)) {
    const parts = (parents.has(path) ? `${path}.name` : path).split(".");
    const leaf = parts.pop();
    let inner = spec;
    for (const part of parts) inner = inner[part] ??= {};
    inner[leaf] = value;
  }
  return spec;
}

/** A study of these values: the table says which of them are the study's own. */
export function studySpec(study, table, values) {
  const own = Object.fromEntries(
    table.filter((field) => field.study && field.path in values).map(({ path }) => [path, values[path]]),
  );
  const base = Object.fromEntries(Object.entries(values).filter(([path]) => !(path in own)));
  return { study, base: nest(base), ...own };
}

/** The values of a study; the inverse of `studySpec`. */
export function studyValues({ base, study: _, ...own }) {
  return { ...flatten(base), ...own };
}

/** The paths at which maps of values are not all alike. */
export function differing(...all) {
  const paths = new Set(all.flatMap((one) => Object.keys(one)));
  return [...paths].filter((path) => all.some((one) => !same(one[path], all[0][path])));
}

/** Whether two values of a field are the same. */
export function same(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
