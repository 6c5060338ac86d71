// A network as a strip of blocks with its shortcuts as arcs, coloured by gradient flow.
import { set, shape } from "../dom.js";
import { at, placeOf } from "../logic/colour.js";
import { scientific } from "../logic/format.js";
import { boxAt, boxes, moved, shortcuts, titleOf } from "../logic/strip.js";
import { t } from "../logic/words.js";

const HEIGHT = 46;
const ARC = 13;
const SWEEP_MS = 650;
const SHORTCUTS = ["identity", "pad", "projection"];

/**
 * Mount a strip. `onLayer(index | null)` is called while a layer is pointed at or chosen.
 *
 * `update({name, points, net, flow, range})`: `net` of the spec, `flow` by point, `range` in exponents of ten, the
 * same for all strips that are compared. `highlight(index | null)`, `sweep()` runs once along the
 * strip and back, `destroy()`.
 */
export function mount(el, { onLayer }) {
  const svg = shape("svg", { class: "strip-drawing", role: "slider", tabindex: "0" });
  svg.setAttribute("aria-orientation", "horizontal");
  const blocks = shape("g", { class: "strip-blocks" });
  const arcs = SHORTCUTS.map((kind) => arcsOf(kind));
  const marks = shape("g", { class: "strip-marks" });
  const sweeper = shape("rect", { class: "strip-sweep", y: 0, width: 5, height: HEIGHT, rx: 2 });
  const ring = shape("rect", { class: "strip-ring", rx: 3 });
  svg.append(blocks, ...arcs, marks, sweeper, ring);
  el.append(svg);

  let now = { name: "", points: [], net: { skip: "none" }, flow: [], range: null };
  let layout = [];
  let rects = [];
  let beside = [];
  let shown = "";
  let chosen = null;

  function update(next) {
    now = { ...now, ...next };
    build();
    paint();
  }

  /** Lay the boxes out again, where the points, the skip or the width are new. */
  function build() {
    const width = el.clientWidth;
    const key = `${width} ${now.net.skip} ${now.net.downsample} ${now.points.map(({ shape, kind }) => kind + shape).join()}`;
    if (key === shown || !width) return;
    shown = key;
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    layout = boxes(now.points, width);
    rects = layout.map((box) => shape("rect", { ...frame(box), rx: Math.min(3, box.width / 4) }));
    blocks.replaceChildren(...rects);
    beside = shortcuts(layout, now.net);
    arcs.forEach((path, i) => {
      const its = layout.filter((_, box) => beside[box] === SHORTCUTS[i]);
      set(path, { d: its.map(arc).join("") });
    });
    svg.setAttribute("aria-valuemin", "1");
    svg.setAttribute("aria-valuemax", String(Math.max(1, layout.length)));
    highlight(chosen);
  }

  function paint() {
    svg.setAttribute("aria-label", t("lab.strip.label", { name: now.name }));
    const signs = [];
    rects.forEach((rect, i) => {
      const place = now.range ? placeOf(now.flow[i], now.range) : { kind: "unknown" };
      const fill = place.kind === "value" ? at(place.place) : null;
      if (rect.dataset.kind !== place.kind) rect.dataset.kind = place.kind;
      if (rect.dataset.fill !== String(fill)) {
        rect.dataset.fill = String(fill);
        rect.style.fill = fill ?? "";
      }
      if (place.kind === "zero" || place.kind === "lost") signs.push(sign(layout[i], place.kind));
    });
    if (signs.length || marks.childElementCount) marks.replaceChildren(...signs);
    tell();
  }

  function tell() {
    const index = chosen ?? 0;
    svg.setAttribute("aria-valuenow", String(index + 1));
    svg.setAttribute("aria-valuetext", now.points.length ? describePoint(now, index, beside[index]) : t("lab.strip.not_measured"));
  }

  function highlight(index) {
    chosen = index !== null && index < layout.length ? index : null;
    ring.style.display = chosen === null ? "none" : "";
    if (chosen !== null) {
      const { x, y, width, height } = frame(layout[chosen]);
      set(ring, { x: x - 2, y: y - 2, width: width + 4, height: height + 4 });
    }
    tell();
  }

  function pointed(event) {
    const { left, width } = svg.getBoundingClientRect();
    if (!layout.length) return;
    onLayer(boxAt(layout, ((event.clientX - left) / width) * el.clientWidth));
  }

  /** Forward along the strip, then back: what one training step does. */
  function sweep() {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches || !layout.length) {
      return Promise.resolve();
    }
    const end = el.clientWidth - 5;
    const move = (from, to) => ({ transform: [`translateX(${from}px)`, `translateX(${to}px)`], opacity: [1, 1] });
    const options = { duration: SWEEP_MS, easing: "linear" };
    sweeper.dataset.way = "forward";
    const forward = sweeper.animate(move(0, end), options);
    return forward.finished
      .then(() => {
        sweeper.dataset.way = "backward";
        return sweeper.animate(move(end, 0), options).finished;
      })
      .catch((error) => {
        // The page that was left cancels its animations; nothing is lost.
        if (error.name !== "AbortError") throw error;
      });
  }

  svg.addEventListener("pointermove", pointed);
  svg.addEventListener("pointerdown", pointed);
  svg.addEventListener("pointerleave", () => onLayer(null));
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !layout.length) return;
    const index = event.key === "Escape" ? null : moved(event.key, chosen, layout.length);
    if (index === null && event.key !== "Escape") return;
    event.preventDefault();
    onLayer(index);
  });
  const watcher = new ResizeObserver(() => {
    build();
    paint();
  });
  watcher.observe(el);
  return {
    update,
    highlight,
    sweep,
    /** The kinds of shortcut on show. */
    get beside() {
      return SHORTCUTS.filter((kind) => beside.includes(kind));
    },
    destroy: () => (watcher.disconnect(), svg.remove()),
  };
}

/** One layer in words: what it is, the shape of its output, the flow there, what stands beside it. */
function describePoint({ points, flow }, index, kind) {
  const value = flow[index];
  const said = t("lab.strip.value", {
    title: titleOf(points, index),
    shape: points[index].shape.join("×"),
    flow: value === undefined ? t("lab.strip.not_measured") : scientific(value),
  });
  return kind ? [said, t("lab.strip.shortcut", { kind: t(`lab.strip.shortcuts.${kind}`) })].join(", ") : said;
}

/** How shortcuts of a kind are drawn, empty. */
export function arcsOf(kind) {
  return shape("path", { class: `strip-arcs ${kind}` });
}

function frame(box) {
  const room = HEIGHT - ARC;
  const height = room * box.tall;
  return { x: box.x, y: ARC + (room - height), width: box.width, height };
}

/** A shortcut: from the block's input, over it, to its output. */
function arc(box) {
  const { x, y, width } = frame(box);
  const reach = Math.min(2, width / 4);
  const top = y - ARC;
  return `M${x - reach} ${y + 3}C${x - reach} ${top - 1} ${x + width + reach} ${top - 1} ${x + width + reach} ${y + 3}`;
}

/** What marks a gradient that is exactly zero, or not finite: a sign, not a colour. */
function sign(box, kind) {
  const { x, y, width, height } = frame(box);
  if (width < 9) return shape("rect", { class: `sign ${kind}`, x, y: y + height / 2 - 1, width, height: 2 });
  const text = shape("text", { class: "sign", x: x + width / 2, y: y + height / 2 });
  text.textContent = t(`lab.strip.${kind}`);
  return text;
}
