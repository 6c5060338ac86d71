// Both networks' strips on one colour scale, with what the chosen layer says.
import { decades } from "#charts/numbers.js";
import { make, set, shape, write } from "#dom.js";
import { figures } from "#given.js";
import { strengthAt } from "#logic/changes.js";
import { at } from "#logic/colour.js";
import { factor, howOf, valuesOf, wordsAt } from "#logic/flow.js";
import { FLOW, valuesIn } from "#logic/measures.js";
import { scientific } from "#logic/format.js";
import { titleOf } from "#logic/strip.js";
import { t } from "#logic/words.js";
import { RING, arcsOf, mount as mountStrip } from "#parts/strip.js";
import { swatch } from "#charts/swatch.js";

/**
 * Mount the strips of a pair. `update(sides, scale)` takes `{skip, name, history}` in the page's order, and
 * "relative" to the last block or "absolute"; `highlight(index | null)`, `pin(index | null, open)`, `release()`, `sweep()`. `onLayer(index | null)` is
 * called with the layer that is pointed at, or else with the one that was chosen to stay, `pinned`;
 * `onOpen(index | null)` with the one that is to be opened, which follows it once it is.
 */
export function mount(el, { onLayer, onOpen }) {
  const rows = [row(), row()];
  const legend = make("div", { className: "strip-legend" });
  const low = make("span", { className: "strip-low" });
  const high = make("span", { className: "strip-high" });
  const bar = make("span", { className: "strip-bar" });
  const scale = make("span", { className: "strip-scale" });
  const title = make("span");
  const same = make("span", { className: "strip-same" });
  same.append(make("span", { className: "strip-chip" }), t("lab.strip.same"));
  // The heatmap's colours, which are the same in every look.
  const { coloraxis: absolute, coloraxis2: ratios } = figures().flowHeatmap.themes.light.layout;
  same.firstElementChild.style.background = at(0.5, ratios.colorscale);
  scale.append(title, low, bar, high, same);
  const readout = make("output", { className: "strip-readout" });
  const key = make("span", { className: "strip-key" });
  legend.append(readout, key, scale);
  el.append(rows[0].box, rows[1].box, legend);
  const seen = new WeakMap();
  let chosen = null;
  let pinned = null;
  let open = false;
  let now = [];
  let how = howOf({});

  function row() {
    const box = make("div", { className: "strip-row" });
    const label = make("p", { className: "strip-name" });
    const drawing = make("div", { className: "strip-holder" });
    box.append(label, drawing);
    return { box, label, strip: mountStrip(drawing, { onLayer: (index) => onLayer(index ?? pinned), onPin: pin }), skip: "" };
  }

  function pin(index, opens) {
    pinned = index;
    open = index !== null && (open || opens);
    onLayer(index);
    onOpen(open ? index : null);
  }

  function update(sides, shown) {
    now = sides;
    how = howOf({ scale: shown });
    const sizes = sides.reduce((grown, { history }) => joined(grown, reached(history)), null);
    const range = how.relative && sizes ? [ratios.cmin, ratios.cmax] : sizes;
    const stops = (how.relative ? ratios : absolute).colorscale;
    rows.forEach((one, i) => {
      const side = sides[i];
      one.box.hidden = !side;
      if (!side) return;
      name(one, side);
      const { spec, started } = side.history;
      const flow = valuesOf(side.history, side.history.frames.at(-1), how);
      const step = side.history.frames.at(-1)?.step ?? 0;
      const strengths = (started?.points ?? []).map((point) => strengthAt(side.history, point.name, step));
      const words = (index) => measured(side, index);
      one.strip.update({ name: side.name, points: started?.points ?? [], net: spec.net, flow, range, stops, words, strengths });
    });
    explain();
    scale.style.visibility = range ? "" : "hidden";
    if (range) label(range, stops);
    tell();
  }

  /** Say what the colours mean. */
  function label(range, stops) {
    write(title, t(`lab.strip.scale${how.relative ? "" : "_absolute"}`));
    same.hidden = !how.relative;
    const ends = how.relative
      ? ["smaller", "larger"].map((way) => t(`lab.strip.${way}`, { factor: factor(10 ** ratios.cmax) }))
      : range.map((power) => scientific(10 ** power));
    write(low, ends[0]);
    write(high, ends[1]);
    bar.style.background = `linear-gradient(to right, ${stops.map(([place, colour]) => `${colour} ${100 * place}%`).join(", ")})`;
  }

  /** Name the kinds of shortcut, once there is one beside the plain arcs. */
  function explain() {
    const kinds = [...new Set(rows.flatMap(({ box, strip }) => (box.hidden ? [] : strip.beside)))];
    key.hidden = kinds.every((kind) => kind === "identity" || kind === "pad");
    if (key.dataset.kinds === kinds.join()) return;
    key.dataset.kinds = kinds.join();
    key.replaceChildren(make("span", { textContent: t("lab.strip.key") }), ...kinds.map(keyOf));
  }

  /** The decades of all frames of a history so far: a scale that only grows. */
  function reached(history) {
    const { count = 0, range = null } = seen.get(history) ?? {};
    const { frames } = history;
    const next = frames.slice(count).reduce((grown, frame) => decades(valuesIn(frame, FLOW), grown), range);
    seen.set(history, { count: frames.length, range: next });
    return next;
  }

  function name(one, { skip, name: called, history }) {
    if (one.skip !== skip) one.label.replaceChildren(swatch(skip), make("span"), make("small"));
    one.skip = skip;
    write(one.label.children[1], called);
    write(one.label.children[2], t("lab.side.layers", { n: history.spec.net.depth }));
  }

  function tell() {
    const points = now[0]?.history.started?.points;
    const none = chosen === null || !points || chosen >= points.length;
    readout.toggleAttribute("data-hint", none);
    if (none) {
      write(readout, points?.length ? t("lab.strip.hint") : "");
      return;
    }
    const list = now.map((side) => `${side.name} ${measured(side, chosen)}`).join(", ");
    const shape = points[chosen].shape.join("×");
    const label = t("lab.strip.both", { title: titleOf(points, chosen), shape, list });
    write(readout, chosen === pinned ? t("lab.strip.pinned", { said: label }) : label);
  }

  /** What was measured of a side at a point, in words. */
  function measured({ history }, index) {
    const frame = history.frames.at(-1);
    return valuesIn(frame, FLOW).length > index ? wordsAt(history, frame, index, how) : t("lab.strip.not_measured");
  }

  return {
    update,
    highlight(index) {
      chosen = index;
      for (const { strip } of rows) strip.highlight(index, index !== null && index === pinned);
      tell();
    },
    pin,
    /** Let go of the layer that was chosen to stay; its strip has the focus. */
    release() {
      pin(null);
      rows[0].strip.focus();
    },
    /** @returns {number | null} the layer that was chosen to stay */
    get pinned() {
      return pinned;
    },
    sweep: () => Promise.all(rows.map(({ strip }) => strip.sweep())),
  };
}

function joined(one, other) {
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

/** How a kind of shortcut is drawn in the key. */
const ARC = "M1 12C1 0 25 0 25 12";
const KEYS = { changed: `${ARC}M10.5 3${RING}`, gate: `${ARC}M13 0v6`, onward: "M2 12V2H24V12M13 12V2", copies: "M1 2H25M1 6H25M1 10H25" };

function keyOf(kind) {
  const one = make("span");
  const drawing = shape("svg", { viewBox: "0 0 26 12", class: "strip-key-arc", "aria-hidden": true });
  drawing.append(set(arcsOf(kind), { d: KEYS[kind] ?? ARC }));
  one.append(drawing, t(`lab.strip.shortcuts.${kind}`));
  return one;
}
