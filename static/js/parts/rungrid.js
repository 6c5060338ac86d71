// The runs of a sweep as a table: a row for each value, a column for each skip and seed.
import { make } from "#dom.js";
import { points } from "#logic/points.js";
import { settingWords } from "#logic/specwords.js";
import { skipName } from "#logic/skips.js";
import { cellAbout, cellText, fieldName } from "#logic/sweepwords.js";
import { waitWords } from "#logic/waiting.js";
import { t } from "#logic/words.js";
import { swatch } from "#charts/swatch.js";

/**
 * Mounts into a <table>. update({field, measure, runs, href}): every run is a cell that leads to
 * `href(id)`, with its measure or how it stands.
 */
export function mount(el) {
  const caption = make("caption", { id: "grid-caption" });
  let shape = "";
  let links = new Map();

  function cell(run) {
    const link = make("a", { className: "runcell" });
    link.dataset.run = run;
    return link;
  }

  function build(field, all) {
    const values = rising(distinct(all.map(({ value }) => value)));
    const skips = distinct(all.map(({ skip }) => skip));
    const seeds = distinct(all.map(({ seed }) => seed));
    links = new Map(all.map(({ run }) => [run, cell(run)]));
    el.replaceChildren(caption);
    const head = el.createTHead();
    const tops = head.insertRow();
    const two = seeds.length > 1;
    tops.append(make("th", { textContent: fieldName(field), scope: "col", rowSpan: two ? 2 : 1 }));
    for (const skip of skips) {
      const top = make("th", { scope: "colgroup", colSpan: seeds.length });
      top.append(swatch(skip), ` ${skipName(skip)}`);
      tops.append(top);
    }
    if (two) {
      const subs = skips.flatMap(() => seeds);
      const words = subs.map((seed) => make("th", { textContent: t("depth.grid.seed", { seed }), scope: "col" }));
      head.insertRow().append(...words);
    }
    const body = el.createTBody();
    for (const value of values) {
      const row = body.insertRow();
      const name = typeof value === "string" ? settingWords(field, value) : String(value);
      row.append(make("th", { textContent: name, scope: "row" }));
      for (const skip of skips) {
        for (const seed of seeds) {
          const its = all.find((one) => one.value === value && one.skip === skip && one.seed === seed);
          row.insertCell().append(...(its ? [links.get(its.run)] : []));
        }
      }
    }
  }

  return {
    update({ field, measure, runs, href }) {
      const all = points(runs, field, measure);
      const next = JSON.stringify([field, all.map(({ run }) => run)]);
      if (next !== shape) build(field, all);
      shape = next;
      caption.textContent = t("depth.grid.caption", { measure: t(`depth.measures.${measure}`) });
      all.forEach((point, index) => {
        const a = links.get(point.run);
        const { waits, mine } = runs[index];
        const about = cellAbout(field, point, measure, waits && waitWords(waits, mine));
        a.href = href(point.run);
        a.dataset.standing = point.standing;
        a.textContent = cellText(point, measure);
        a.title = about;
        a.setAttribute("aria-label", about);
      });
    },
  };
}

function distinct(list) {
  return [...new Set(list)];
}

/** Numbers rise; names stay in the order of the plan. */
function rising(values) {
  return values.every((value) => typeof value === "number") ? values.sort((a, b) => a - b) : values;
}
