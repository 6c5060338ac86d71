// One typed table of every setting, read from the catalog's JSON Schema. It drives the form, the
// link and the defaults, so that none of the three can know a setting the others don't.

/**
 * @typedef {object} Field
 * @property {string} path dotted path into RunSpec ("optimizer.lr"), or a study's own ("against")
 * @property {string} link its name in a link (the path, but "data" for "data.name")
 * @property {"integer" | "number" | "boolean" | "choice" | "list" | "json"} type
 * @property {*} default
 * @property {boolean} nullable
 * @property {number} [min] @property {number} [max]
 * @property {boolean} [above] the value must be above `min`, not equal to it
 * @property {boolean} [below] the value must be below `max`, not equal to it
 * @property {string[]} [choices]
 * @property {string} [pattern] a text of this form is a choice, too
 * @property {Field} [each] what a list holds
 * @property {{path: string, is: string}} [when] it exists only where another field has this value
 */

/** The table of a RunSpec. @returns {Field[]} */
export function fieldsOf(catalog) {
  return table(catalog.schema.run, catalog.schema.run.$defs ?? {}, "").filter(
    (field) => field.path !== "version",
  );
}

/**
 * The table of a study: the RunSpec of its `base` (without the prefix), then its own fields.
 *
 * @param {string} study "twins", "depth" or "sweep"
 * @returns {Field[]}
 */
export function studyFieldsOf(catalog, study) {
  const root = catalog.schema.study;
  const defs = root.$defs ?? {};
  const branches = (root.oneOf ?? root.anyOf).map((branch) => resolved(branch, defs));
  const branch = branches.find(({ properties }) => properties.study.const === study);
  const own = { ...branch, properties: { ...branch.properties } };
  delete own.properties.study;
  delete own.properties.base;
  return [...fieldsOf(catalog), ...table(own, defs, "").map((field) => ({ ...field, study: true }))];
}

function table(schema, defs, prefix) {
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    entries(property, defs, prefix + name),
  );
}

function entries(property, defs, path) {
  const schema = longForm(resolved(property, defs), defs);
  const branches = (schema.oneOf ?? schema.anyOf)?.map((branch) => resolved(branch, defs));
  if (branches?.every(({ properties }) => properties?.name?.const)) {
    return union(branches, schema, defs, path);
  }
  if (schema.properties) {
    return table(schema, defs, `${path}.`).map((field) =>
      field.path === `${path}.name` ? { ...field, link: path } : field,
    );
  }
  return [leaf(schema, branches, path)];
}

/** A choice with parameters: its name first, then each branch's own parameters. */
function union(branches, schema, defs, path) {
  const names = branches.map(({ properties }) => properties.name.const);
  const chosen = schema.default?.name ?? names[0];
  const name = {
    path: `${path}.name`, link: path, type: "choice", choices: names, default: chosen, nullable: false,
  };
  const parameters = branches.flatMap((branch) => {
    const { name: tag, ...properties } = branch.properties;
    return table({ properties }, defs, `${path}.`).map((field) => ({
      ...field,
      when: { path: name.path, is: tag.const },
    }));
  });
  return [name, ...parameters];
}

function leaf(schema, branches, path) {
  const nullable = branches?.some(({ type }) => type === "null") ?? false;
  const main = nullable ? { ...branches.find(({ type }) => type !== "null"), default: schema.default } : schema;
  const open = branches?.find(({ enum: names }) => names);
  const field = { path, link: path, default: main.default ?? null, nullable, ...(open ? openChoice(branches) : kind(main)) };
  const min = main.minimum ?? main.exclusiveMinimum;
  const max = main.maximum ?? main.exclusiveMaximum;
  if (min !== undefined) Object.assign(field, { min, above: main.exclusiveMinimum !== undefined });
  if (max !== undefined) Object.assign(field, { max, below: main.exclusiveMaximum !== undefined });
  return field;
}

/** A choice of names, or of texts of some form. */
function openChoice(branches) {
  const choices = branches.flatMap(({ enum: names }) => names ?? []);
  return { type: "choice", choices, pattern: branches.find(({ pattern }) => pattern)?.pattern };
}

function kind(schema) {
  if (schema.enum) return { type: "choice", choices: schema.enum };
  if (schema.const !== undefined) return { type: "choice", choices: [schema.const] };
  if (schema.type === "array") {
    const items = schema.items ?? schema.prefixItems?.[0] ?? {};
    return items.type && items.type !== "object"
      ? { type: "list", each: leaf(items, undefined, "") }
      : { type: "json" };
  }
  return { type: { integer: "integer", number: "number", boolean: "boolean" }[schema.type] ?? "json" };
}

/** Where a bare name may stand for a choice with parameters, the choice with its parameters. */
function longForm(schema, defs) {
  const long = schema.anyOf?.map((branch) => resolved(branch, defs)).find((one) => one.oneOf || one.properties);
  if (!long) return schema;
  return { ...long, default: typeof schema.default === "object" ? schema.default : undefined };
}

function resolved(schema, defs) {
  if (!schema.$ref) {
    // Pydantic wraps a reference that has a default of its own.
    return schema.allOf?.length === 1 ? { ...resolved(schema.allOf[0], defs), ...schema } : schema;
  }
  const { $ref, ...rest } = schema;
  return { ...defs[$ref.split("/").at(-1)], ...rest };
}

/** The fields that exist with these values: those of the chosen optimizer, not of the others. */
export function present(table, values) {
  return table.filter(({ when }) => !when || values[when.path] === when.is);
}

/** Every field at its default, by path; where an alternative is chosen in `chosen`, with its own. */
export function defaultsOf(table, chosen = {}) {
  const names = Object.fromEntries(
    table.filter(({ when }) => !when).map((field) => [field.path, chosen[field.path] ?? field.default]),
  );
  const fields = present(table, names);
  return Object.fromEntries(fields.map((field) => [field.path, chosen[field.path] ?? field.default]));
}

const fits = (pattern, text) => pattern !== undefined && new RegExp(pattern).test(text);

/** What is wrong with a value for a field: null, or which rule it breaks. */
export function fault(field, value) {
  if (value === null) return field.nullable ? null : "missing";
  switch (field.type) {
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
    case "list":
      return Array.isArray(value) && value.length && value.every((item) => !fault(field.each, item))
        ? null
        : "list";
    default:
      return null;
  }
  if (field.min !== undefined && (value < field.min || (field.above && value === field.min))) return "range";
  if (field.max !== undefined && (value > field.max || (field.below && value === field.max))) return "range";
  return null;
}
