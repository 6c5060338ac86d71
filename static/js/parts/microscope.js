// The microscope: one block of both networks, opened: what it is made of, and what was measured in it.
import { swatch } from "#charts/swatch.js";
import { button, make, write } from "#dom.js";
import { arrowsOf, barsOf, extent } from "#logic/gradientarrows.js";
import { absences } from "#logic/measures.js";
import { blockOf, neighbour } from "#logic/microscope.js";
import { backwardWords, forwardWords, pieceDetail, pieceWords, wayWords, whatWords } from "#logic/microscopewords.js";
import { titleOf } from "#logic/strip.js";
import { t } from "#logic/words.js";
import { announce } from "#parts/announce.js";
import { mount as mountDrawing } from "#parts/blockdrawing.js";
import { backwardFormula, forwardFormula } from "#parts/formula.js";
import { mount as mountArrows } from "#parts/gradientarrows.js";

/**
 * Mounts into a <section>, hidden at first. `moved(index)` is called with the block that a button or key
 * leads to, `closed()` when it is to be closed.
 *
 * `open(index)`: the block's among the networks' points; null closes it. `update(sides)` takes
 * `{skip, name, history}` in the page's order.
 */
export function mount(el, { catalog, moved, closed }) {
  const title = make("h2", { id: "microscope-title", tabIndex: -1 });
  const step = make("p", { className: "scope-step" });
  const [before, after] = [[-1, "before"], [1, "after"]].map(([way, key]) => button(t(`lab.scope.${key}_sign`), () => go(way), { title: t(`lab.scope.${key}`), ariaLabel: t(`lab.scope.${key}`) }));
  const close = button("×", closed, { title: t("lab.scope.close"), ariaLabel: t("lab.scope.close") });
  const head = make("div", { className: "scope-head" });
  const body = make("div", { className: "scope-sides" });
  const rows = [side(), side()];
  head.append(title, step, before, after, close);
  body.append(...rows.map(({ box }) => box));
  const source = make("p", { className: "small" });
  el.append(head, make("p", { className: "chart-look", textContent: t("lab.scope.look") }), body, source);
  let sides = [];
  let index = null;
  let now = null;
  let opened = "";

  function go(way) {
    const next = now && neighbour(now.points, now.index, way);
    if (next !== null) moved(next);
  }

  el.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) go(way);
    else if (event.key === "Escape") closed();
    else return;
    event.preventDefault();
  });

  function show() {
    const points = sides[0]?.history.started?.points ?? [];
    const shown = index !== null && points[index]?.kind === "block";
    el.hidden = !shown;
    now = shown ? { points, index } : null;
    if (!shown) {
      opened = "";
      return;
    }
    const name = titleOf(points, index);
    write(title, name);
    const frames = sides.map(({ history }) => history.frames.at(-1) ?? null);
    write(step, frames[0] ? t(`lab.scope.${frames[0].step ? "at" : "untrained"}`, { step: frames[0].step }) : t("lab.scope.unmeasured"));
    [before.disabled, after.disabled] = [-1, 1].map((way) => neighbour(points, index, way) === null);
    const blocks = sides.map(({ history }, i) => (history.started?.points?.[index]?.kind === "block" ? blockOf(history, frames[i], index) : null));
    const reach = extent(blocks.flatMap((block) => (block ? arrowsOf(block) : [])), blocks.flatMap((block) => (block ? barsOf(block) : [])));
    const weighed = blocks.some((block) => block && block.strength !== 1);
    write(source, [t("lab.scope.source"), ...(weighed ? [t("lab.scope.source_weighed")] : [])].join(" "));
    rows.forEach((row, i) => {
      row.box.hidden = !blocks[i];
      if (blocks[i]) row.update(sides[i], blocks[i], { reach, catalog });
    });
    if (opened !== name) announce([name, ...rows.filter(({ box }) => !box.hidden).map(({ spoken }) => spoken())].join(". "));
    opened = name;
  }

  return {
    open(next) {
      index = next;
      show();
    },
    update(next) {
      sides = next;
      show();
    },
  };
}

/** One network's block. */
function side() {
  const box = make("section", { className: "scope-side" });
  const label = make("h3", { className: "scope-name" });
  const forward = make("div", { className: "scope-forward" });
  const about = make("div", { className: "scope-about" });
  const [what, computes, goes, returns, arrows, comes] = ["what", "formula", "words", "formula", "plane", "words"].map((name) => make("div", { className: `scope-${name}` }));
  about.append(what, computes, goes, returns, arrows, comes);
  box.append(label, forward, about);
  const drawing = mountDrawing(forward);
  const plane = mountArrows(arrows);
  let skip = "";
  let words = "";
  return {
    box,
    spoken: () => words,
    update({ skip: its, name, history }, block, { reach, catalog }) {
      if (skip !== its) label.replaceChildren(swatch(its), make("span"));
      skip = its;
      write(label.lastElementChild, name);
      const { started, spec } = history;
      const network = { net: spec.net, layers: [...started.layers, ...started.other_layers], block: block.name, catalog };
      const pieces = (piece) => pieceWords(piece, network);
      const details = (piece) => pieceDetail(piece, network);
      const way = wayWords(block, pieces);
      const [absent] = absences([{ label: name, history }], "shortcut_grad");
      write(what, whatWords(block));
      write(goes, forwardWords(block));
      write(comes, backwardWords(block, absent?.why ?? null));
      words = `${name}: ${way}`;
      drawing.update({ block, spec, pieces, details, label: way });
      plane.update({ block, reach, label: comes.textContent });
      fill(computes, forwardFormula(block, pieces));
      fill(returns, backwardFormula(block));
    },
  };
}

/** Let a place hold these, where it holds others. */
function fill(place, made) {
  const html = made.map(({ outerHTML }) => outerHTML).join("");
  if (place.dataset.shown === html) return;
  place.dataset.shown = html;
  place.replaceChildren(...made);
}
