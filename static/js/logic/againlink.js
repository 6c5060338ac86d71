// The link that trains a run or study again, from the address of the first page.
import { completed, studyFieldsOf } from "#logic/fields.js";
import { kindOf } from "#logic/filter.js";
import { write } from "#logic/link.js";
import { flatten, studyValues } from "#logic/spec.js";
import { fromStudy } from "#logic/sweep.js";
import { linkOf } from "#logic/sweeplink.js";

/** Where the settings of a run or study, as the server lists it, can be trained again. */
export function againLink(entry, catalog) {
  const kind = kindOf(entry);
  if (kind === "run" || kind === "analysis") return raceLink(entry.spec, catalog);
  if (kind === "twins") return `./${write(studyValues(entry.spec), studyFieldsOf(catalog, "twins"))}`;
  return `depth${linkOf(fromStudy(entry.spec), catalog)}`;
}

/** A single run's settings as a race: one that is what is raced against by default, is so here. */
export function raceLink(spec, catalog) {
  const table = studyFieldsOf(catalog, "twins");
  const usual = completed(table);
  const values = flatten(spec);
  const skip = values["net.skip"] === usual.against ? { "net.skip": usual["net.skip"] } : {};
  return `./${write({ ...values, ...skip, against: usual.against }, table)}`;
}
