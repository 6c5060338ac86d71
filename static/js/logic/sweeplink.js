// A sweep in the address bar: what differs from the defaults, and always what is swept.
import { studyFieldsOf } from "#logic/fields.js";
import { parse, write } from "#logic/link.js";
import { studySpec, studyValues } from "#logic/spec.js";
import { DEPTH, fromStudy, toStudy } from "#logic/sweep.js";

const tableOf = (field, catalog) => studyFieldsOf(catalog, field === DEPTH ? "depth" : "sweep");

/** The query string of a plan, with the study that is shown where there is one. */
export function linkOf(plan, catalog, study = null) {
  const text = write(studyValues(toStudy(plan)), tableOf(plan.field, catalog), { study });
  if (plan.field === DEPTH) return text;
  // A field at its default is one all the same: without it the link would be of a depth sweep.
  const query = new URLSearchParams(text || "v=2");
  query.set("field", plan.field);
  return `?${query}`;
}

/**
 * The plan that a link asks for.
 *
 * @returns {{plan: Json, study: string | null, problems: string[]}} `problems` names what could
 *   not be read and has its default
 */
export function planOf(search, catalog) {
  const query = new URLSearchParams(search);
  const kind = query.has("field") || query.has("values") ? "sweep" : "depth";
  const table = studyFieldsOf(catalog, kind);
  const { values, study, problems } = parse(search, table);
  return { plan: fromStudy(studySpec(kind, table, values)), study, problems: problems.map(({ name }) => name) };
}
