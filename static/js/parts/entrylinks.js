// Where a run or study opens, and what it can be taken away as.
import { catalog } from "#given.js";
import { raceLink } from "#logic/againlink.js";
import { gradientsLink } from "#logic/gradientslink.js";
import { analysisLink } from "#logic/analysis.js";
import { kindOf, listOf } from "#logic/filter.js";
import { t } from "#logic/words.js";
import { fileUrl } from "#parts/decimal.js";

/** The pages that show an entry, its own first: [{text, href}]. */
export function pagesOf(entry) {
  return pages(entry, kindOf(entry));
}

/** An entry as files: [{text, href}]. */
export function filesOf(entry) {
  const kind = listOf(entry);
  return ["csv", "json", "html"].map((format) => ({
    text: t(`runs.entry.files.${format}`),
    href: fileUrl(kind, entry.id, format),
  }));
}

function pages({ id, spec, analysis }, kind) {
  const lab = t("common.nav.lab");
  const gradients = t("common.nav.gradients");
  const depth = t("common.nav.depth");
  if (kind === "run") {
    return [
      { text: gradients, href: gradientsLink([id]) },
      { text: lab, href: raceLink(spec, catalog()) },
    ];
  }
  if (kind === "analysis") {
    return [{ text: t(`${analysis.analysis}.title`), href: analysisLink(analysis.analysis, { show: [id] }) }];
  }
  if (kind === "twins") {
    return [
      { text: lab, href: `./?study=${id}` },
      { text: gradients, href: `gradients?study=${id}` },
    ];
  }
  return [{ text: depth, href: `depth?study=${id}` }];
}
