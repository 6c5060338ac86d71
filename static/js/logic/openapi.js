// An OpenAPI 3.1 description, made ready for people to read.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The node a $ref of this document points to; any other node as it is. */
export function follow(doc, node) {
  const seen = new Set();
  while (node?.$ref && !seen.has(node.$ref)) {
    seen.add(node.$ref);
    node = node.$ref
      .replace(/^#\//, "")
      .split("/")
      .reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], doc);
  }
  return node;
}

/** Every operation, in the document's order: {id, method, path, summary, text, parameters, body, answers}. */
export function operations(doc) {
  const found = [];
  for (const [path, item] of Object.entries(doc.paths ?? {})) {
    for (const method of Object.keys(item).filter((name) => METHODS.includes(name))) {
      const operation = item[method];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) =>
        follow(doc, one),
      );
      const body = follow(doc, operation.requestBody);
      const [type, media] = Object.entries(body?.content ?? {})[0] ?? [];
      found.push({
        id: `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-')}`.replace(/-$/, ''),
        method: method.toUpperCase(),
        path,
        summary: operation.summary ?? "",
        text: operation.description ?? "",
        tag: operation.tags?.[0] ?? "",
        parameters: parameters.map((one) => ({
          name: one.name,
          where: one.in,
          needed: one.required === true,
          kind: kindOf(doc, one.schema),
          text: one.description ?? one.schema?.description ?? "",
        })),
        body: media
          ? { type, kind: kindOf(doc, media.schema), schema: media.schema, example: exampleOf(doc, media) }
          : null,
        answers: Object.entries(operation.responses ?? {}).map(([status, response]) => {
          const answer = follow(doc, response);
          const [kind, content] = Object.entries(answer.content ?? {})[0] ?? [];
          return {
            status,
            text: answer.description ?? "",
            type: kind ?? "",
            kind: content?.schema ? kindOf(doc, content.schema) : "",
          };
        }),
      });
    }
  }
  return found;
}

/** A schema in a few words: "integer, 1 to 4096", "one of none, identity", "list of RunSpec". */
export function kindOf(doc, schema) {
  if (schema === undefined || schema === true) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.title && schema.properties) return schema.title;
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((one) => kindOf(doc, one)).join(" or ");
  if (schema.allOf) return schema.allOf.map((one) => kindOf(doc, one)).join(" and ");
  if (schema.type === 'array') return `list of ${kindOf(doc, schema.items)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "anything");
  return `${type}${rangeOf(schema)}`;
}

function rangeOf(schema) {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  if (low === undefined && high === undefined) return "";
  if (high === undefined) return schema.minimum === undefined ? `, above ${low}` : `, from ${low}`;
  if (low === undefined) return schema.maximum === undefined ? `, below ${high}` : `, up to ${high}`;
  const edges = [
    schema.minimum === undefined ? `above ${low}` : `${low}`,
    schema.maximum === undefined ? `below ${high}` : `${high}`,
  ];
  return `, ${edges.join(' to ')}`;
}

function exampleOf(doc, media) {
  if (media.example !== undefined) return media.example;
  const first = Object.values(media.examples ?? {})[0];
  if (first !== undefined) return follow(doc, first).value;
  const schema = follow(doc, media.schema);
  return schema?.examples?.[0] ?? schema?.example ?? null;
}

/** The named schemas as tables: [{name, text, rows: [{name, kind, fallback, text}]}]. */
export function shapes(doc) {
  return Object.entries(doc.components?.schemas ?? {}).map(([name, schema]) => ({
    name,
    text: schema.description ?? "",
    kind: schema.properties ? "" : kindOf(doc, { ...schema, title: undefined }),
    rows: Object.entries(schema.properties ?? {}).map(([field, inner]) => ({
      name: field,
      kind: kindOf(doc, inner),
      needed: schema.required?.includes(field) === true,
      fallback: inner.default === undefined ? "" : JSON.stringify(inner.default),
      text: inner.description ?? "",
    })),
  }));
}

/** A curl command for an operation, ready to paste into a shell. */
export function curl(operation, origin) {
  const parts = ["curl"];
  if (operation.method !== 'GET') parts.push(`-X ${operation.method}`);
  parts.push(quoted(`${origin}${operation.path}`));
  if (operation.body) {
    parts.push(`-H 'Content-Type: application/json'`);
    parts.push(`-d ${quoted(JSON.stringify(operation.body.example ?? {}))}`);
  }
  return parts.join(" ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
