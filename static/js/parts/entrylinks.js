// Where a run or study opens, and what it can be taken away as.
import { catalog, exportUrl } from "../api.js";
import { studyFieldsOf } from "../logic/fields.js";
import { kindOf } from "../logic/filter.js";
import { write } from "../logic/link.js";
import { flatten } from "../logic/spec.js";
import { t } from "../logic/words.js";

/** The pages that show an entry, its own first: [{text, href}]. */
export function pagesOf(entry) {
  return pages(entry, kindOf(entry));
}

/** An entry as files: [{text, href}]. */
export function filesOf(entry) {
  const kind = kindOf(entry) === "run" ? "runs" : "studies";
  return ["csv", "json", "html"].map((format) => ({
    text: t(`runs.entry.files.${format}`),
    href: exportUrl(kind, entry.id, format),
  }));
}

function pages({ id, spec }, kind) {
  const lab = t("common.nav.lab");
  const gradients = t("common.nav.gradients");
  const depth = t("common.nav.depth");
  if (kind === "run") {
    return [
      { text: gradients, href: `/gradients?run=${id}` },
      { text: lab, href: `/${raceLink(spec)}` },
    ];
  }
  if (kind === "twins") {
    return [
      { text: lab, href: `/?study=${id}` },
      { text: gradients, href: `/gradients?study=${id}` },
    ];
  }
  return [{ text: depth, href: `/depth?study=${id}` }];
}

/** A single run's settings as a race: the network of a plain run is raced as the plain twin. */
function raceLink(spec) {
  const values = flatten(spec);
  const plain = values["net.skip"] === "none";
  return write(
    { ...values, "net.skip": plain ? "identity" : values["net.skip"], against: "none" },
    studyFieldsOf(catalog(), "twins"),
  );
}
