// A network as a strip of blocks with its shortcuts as arcs, coloured by its gradients.
import { set, shape } from "#dom.js";
import { colour } from "#charts/swatch.js";
import { at, placeOf } from "#logic/colour.js";
import { plain } from "#logic/format.js";
import { SHORTCUTS, boxAt, boxes, moved, shortcuts, titleOf } from "#logic/strip.js";
import { chosen as nameOf } from "#logic/spec.js";
import { t } from "#logic/words.js";

const HEIGHT = 46;
const ARC = 13;
const RAIL = 4;
const RAILS = [3, 7, 11];
/** A small circle, from its left. */
export const RING = "a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0";
const SWEEP_MS = 650;

/**
 * Mount a strip. `onLayer(index | null)` is called while a layer is pointed at, `onPin(index | null, open)` when
 * one is chosen to stay: by a click or tap, or by a key; `open`: it is to be opened, too.
 *
 * `update({name, points, net, flow, range, stops, words})`: `net` of the spec, `flow` by point, `range` in
 * exponents of ten, `stops` of the colours, both the same for all strips that are compared,
 * `words(index)` what was measured at a point. `highlight(index | null, pinned)`, `sweep()` runs once along
 * the strip and back, `destroy()`.
 */
export function mount(el, { onLayer, onPin }) {
  const svg = shape("svg", { class: "strip-drawing", role: "slider", tabindex: "0" });
  svg.setAttribute("aria-orientation", "horizontal");
  const blocks = shape("g", { class: "strip-blocks" });
  const arcs = SHORTCUTS.map((kind) => arcsOf(kind));
  const marks = shape("g", { class: "strip-marks" });
  const sweeper = shape("rect", { class: "strip-sweep", y: 0, width: 5, height: HEIGHT, rx: 2 });
  const ring = shape("rect", { class: "strip-ring", rx: 3 });
  svg.append(blocks, ...arcs, marks, sweeper, ring);
  el.append(svg);

  let now = { name: "", points: [], net: null, flow: [], range: null, stops: [], words: () => "", strengths: [] };
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
    const { skip, downsample } = now.net ?? {};
    const key = `${now.strengths} ${width} ${nameOf(skip)} ${nameOf(downsample)} ${now.points.map(({ shape, kind }) => kind + shape).join()}`;
    if (key === shown || !width || !now.net) return;
    shown = key;
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    layout = boxes(now.points, width);
    rects = layout.map((box) => shape("rect", { ...frame(box), rx: Math.min(3, box.width / 4) }));
    blocks.replaceChildren(...rects);
    beside = shortcuts(layout, now.net);
    colour(svg, nameOf(skip));
    arcs.forEach((path, i) => {
      const its = layout.filter((_, box) => beside[box] === SHORTCUTS[i]);
      const marked = SHORTCUTS[i] === "changed" ? layout.filter((_, box) => weighed(box)).map(ringOn) : [];
      set(path, { d: [...its.map((box) => drawn(SHORTCUTS[i], box, its)), ...marked].join("") });
    });
    svg.setAttribute("aria-valuemin", "1");
    svg.setAttribute("aria-valuemax", String(Math.max(1, layout.length)));
    highlight(chosen, ring.dataset.pinned === "true");
  }

  /** Whether what a block's shortcut brings is multiplied by a strength, and not marked as changed anyway. */
  const weighed = (box) => beside[box] && beside[box] !== "changed" && (now.strengths[box] ?? 1) !== 1;

  function paint() {
    svg.setAttribute("aria-label", t("lab.strip.label", { name: now.name }));
    const signs = [];
    rects.forEach((rect, i) => {
      /** @type {Json} */
      const place = now.range ? placeOf(now.flow[i], now.range) : { kind: "unknown" };
      const fill = place.kind === "value" ? at(place.place, now.stops) : null;
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

  function highlight(index, pinned = false) {
    ring.dataset.pinned = String(pinned);
    chosen = index !== null && index < layout.length ? index : null;
    ring.style.display = chosen === null ? "none" : "";
    if (chosen !== null) {
      const { x, y, width, height } = frame(layout[chosen]);
      set(ring, { x: x - 2, y: y - 2, width: width + 4, height: height + 4 });
    }
    tell();
  }

  function under(event) {
    const { left, width } = svg.getBoundingClientRect();
    return boxAt(layout, ((event.clientX - left) / width) * el.clientWidth);
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

  svg.addEventListener("pointermove", (event) => {
    if (layout.length) onLayer(under(event));
  });
  svg.addEventListener("pointerleave", () => onLayer(null));
  svg.addEventListener("click", (event) => {
    if (!layout.length) return;
    const index = under(event);
    onPin(ring.dataset.pinned === "true" && index === chosen ? null : index, true);
  });
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !layout.length) return;
    const opens = event.key === "Enter";
    const index = opens ? (chosen ?? 0) : event.key === "Escape" ? null : moved(event.key, chosen, layout.length);
    if (index === null && event.key !== "Escape") return;
    event.preventDefault();
    onPin(index, opens);
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
    focus: () => svg.focus({ preventScroll: true }),
    /** The kinds of shortcut on show. */
    get beside() {
      return SHORTCUTS.filter((kind) => beside.includes(kind) || (kind === "changed" && layout.some((_, box) => weighed(box))));
    },
    destroy: () => (watcher.disconnect(), svg.remove()),
  };
}

/** One layer in words: what it is, the shape of its output, the gradient there, what stands beside it. */
function describePoint({ points, words, strengths }, index, kind) {
  const shape = points[index].shape.join("×");
  const label = t("lab.strip.value", { title: titleOf(points, index), shape, words: words(index) });
  const strength = strengths[index] ?? 1;
  const said = kind && t(`lab.strip.shortcut${strength === 1 ? "" : "_weighed"}`, { kind: t(`lab.strip.shortcuts.${kind}`), strength: plain(strength) });
  return said ? [label, said].join(", ") : label;
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

/** What stands beside a block. `all`: the blocks that have the same. */
function drawn(kind, box, all) {
  const { x, y, width } = frame(box);
  const middle = x + width / 2;
  const last = frame(all.at(-1));
  switch (kind) {
    case "changed": // a ring on the arc
      return `${arc(box)}${ringOn(box)}`;
    case "gate": // a bar across the arc
      return `${arc(box)}M${middle} ${y - ARC + 0.5}V${y - ARC + 6.5}`;
    case "onward": // up to a rail that leads to all later blocks, and down from it
      return `M${x + 1} ${y}V${RAIL}H${last.x + last.width}${box === all.at(-1) ? `V${last.y}` : ""}`;
    case "copies":
      return RAILS.map((rail) => `M${x - 2} ${rail}H${x + width + 2}`).join("");
    default:
      return arc(box);
  }
}

function ringOn(box) {
  const { x, y, width } = frame(box);
  return `M${x + width / 2 - 2.5} ${y - ARC + 3.5}${RING}`;
}

/** A shortcut: from the block's input, over it, to its output. */
function arc(box) {
  const { x, y, width } = frame(box);
  const reach = Math.min(2, width / 4);
  const top = y - ARC;
  return `M${x - reach} ${y + 3}C${x - reach} ${top - 1} ${x + width + reach} ${top - 1} ${x + width + reach} ${y + 3}`;
}

/** What marks a gradient that is zero, or not finite: a sign, not a colour. */
function sign(box, kind) {
  const { x, y, width, height } = frame(box);
  if (width < 9) return shape("rect", { class: `sign ${kind}`, x, y: y + height / 2 - 1, width, height: 2 });
  const text = shape("text", { class: "sign", x: x + width / 2, y: y + height / 2 });
  text.textContent = t(`lab.strip.${kind}`);
  return text;
}
