// The runs of a sweep as a table: a row for each value, a column for each skip and seed.
import { gathered, points } from "../logic/points.js";

/**
 * Mounts into a <table>.
 *
 * `say` puts things in words: {value(v), skip(s), seed(n), cell(point), about(point), mean(cell)}
 * and {caption, head, all}. update({field, measure, runs, link}) shows one cell for each run, a
 * link to the run, with its measure or how it stands. Pointing at a row's head or a cell calls
 * `pointed(runId | null)`.
 */
export function mount(el, { say, pointed = () => {} }) {
  let shape = "";
  el.addEventListener("pointerover", ({ target }) => pointed(target.closest("a")?.dataset.run ?? null));
  el.addEventListener("pointerleave", () => pointed(null));
  el.addEventListener("focusin", ({ target }) => pointed(target.dataset.run ?? null));
  el.addEventListener("focusout", () => pointed(null));

  function build(all, values, skips, seeds, caption) {
    el.replaceChildren();
    el.append(Object.assign(document.createElement("caption"), { textContent: caption }));
    const head = el.createTHead();
    const first = head.insertRow();
    first.append(cell("th", say.head, { scope: "col", rowSpan: seeds.length > 1 ? 2 : 1 }));
    for (const skip of skips) {
      const over = cell("th", "", { scope: "colgroup", colSpan: seeds.length });
      const swatch = document.createElement("i");
      swatch.className = "swatch";
      swatch.dataset.role = skip === "none" ? "plain" : "residual";
      over.append(swatch, say.skip(skip));
      first.append(over);
    }
    if (seeds.length > 1) {
      const second = head.insertRow();
      for (const _ of skips) {
        for (const seed of seeds) second.append(cell("th", say.seed(seed), { scope: "col" }));
      }
    }
    const body = el.createTBody();
    for (const value of values) {
      const row = body.insertRow();
      row.append(cell("th", say.value(value), { scope: "row" }));
      for (const skip of skips) {
        for (const seed of seeds) {
          const point = all.find((p) => p.value === value && p.skip === skip && p.seed === seed);
          const place = row.insertCell();
          if (point) place.append(link(point));
        }
      }
    }
  }

  function link(point) {
    const a = document.createElement("a");
    a.className = "runcell";
    a.dataset.run = point.run;
    return a;
  }

  return {
    update({ field, measure, runs, caption, href }) {
      const all = points(runs, field, measure);
      const values = distinct(all.map(({ value }) => value));
      const skips = distinct(all.map(({ skip }) => skip));
      const seeds = distinct(all.map(({ seed }) => seed));
      const key = JSON.stringify([all.map(({ run }) => run), field, say.head]);
      if (key !== shape) {
        build(all, rising(values), skips, seeds, caption);
        shape = key;
      }
      el.caption.textContent = caption;
      for (const point of all) {
        const a = el.querySelector(`a[data-run="${CSS.escape(point.run)}"]`);
        a.href = href(point.run);
        a.dataset.standing = point.standing;
        a.textContent = say.cell(point);
        a.setAttribute("aria-label", say.about(point));
        a.title = say.about(point);
      }
      return gathered(all);
    },
  };
}

function distinct(list) {
  return [...new Set(list)];
}

/** Numbers rise; names stay in the order of the plan. */
function rising(values) {
  return values.every((value) => typeof value === "number")
    ? [...values].sort((a, b) => a - b)
    : values;
}

function cell(tag, text, properties) {
  return Object.assign(document.createElement(tag), { textContent: text, ...properties });
}
