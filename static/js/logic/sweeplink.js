// A sweep in the address bar: what differs from the defaults, and always what is swept.
import { studyFieldsOf } from "./fields.js";
import { parse, write } from "./link.js";
import { studySpec, studyValues } from "./spec.js";
import { DEPTH, fromStudy, toStudy } from "./sweep.js";

const tableOf = (field, catalog) => studyFieldsOf(catalog, field === DEPTH ? "depth" : "sweep");

/** The query string of a plan, with the study that is shown where there is one. */
export function linkOf(plan, catalog, study = null) {
  const text = write(studyValues(toStudy(plan)), tableOf(plan.field, catalog), { study });
  if (plan.field === DEPTH) return text;
  // A field at its default is one all the same: without it the link would be of a depth sweep.
  const query = new URLSearchParams(text || "v=1");
  query.set("field", plan.field);
  return `?${query}`;
}

/**
 * The plan that a link asks for.
 *
 * @returns {{plan: object, study: string | null, problems: string[]}} `problems` names what could
 *   not be read and has its default
 */
export function planOf(search, catalog) {
  const query = new URLSearchParams(search);
  const kind = query.has("field") || query.has("values") ? "sweep" : "depth";
  const table = studyFieldsOf(catalog, kind);
  const { values, study, problems } = parse(search, table);
  const names = problems.map(({ name }) => name);
  if (kind === "sweep" && !isList(values.values)) {
    names.push("values");
    values.values = table.find(({ path }) => path === "values").default;
  }
  return { plan: fromStudy(studySpec(kind, table, values)), study, problems: names };
}

/** Numbers and names are told apart by the rule of their field; nothing else can be swept. */
function isList(values) {
  const fit = (value) => ["number", "string"].includes(typeof value);
  return Array.isArray(values) && values.length > 0 && values.every(fit);
}
