// Both networks' strips on one colour scale, with what the chosen layer says.
import { decades } from "../charts/numbers.js";
import { make, set, shape, write } from "../dom.js";
import { STOPS } from "../logic/colour.js";
import { scientific } from "../logic/format.js";
import { titleOf } from "../logic/strip.js";
import { t } from "../logic/words.js";
import { arcsOf, mount as mountStrip } from "./strip.js";
import { swatch } from "./swatch.js";

/**
 * Mount the strips of a pair. `update(sides)` takes `{role, name, history}` in the page's order;
 * `highlight(index | null)`, `sweep()`.
 */
export function mount(el, { onLayer }) {
  const rows = [row(), row()];
  const legend = make("div", { className: "strip-legend" });
  const low = make("span", { className: "strip-low" });
  const high = make("span", { className: "strip-high" });
  const bar = make("span", { className: "strip-bar" });
  bar.style.background = `linear-gradient(to right, ${STOPS.map(([at, colour]) => `${colour} ${100 * at}%`).join(", ")})`;
  const scale = make("span", { className: "strip-scale" });
  const title = make("span", { textContent: t("lab.strip.scale") });
  scale.append(title, low, bar, high);
  const readout = make("output", { className: "strip-readout" });
  const key = make("span", { className: "strip-key" });
  legend.append(readout, key, scale);
  el.append(rows[0].box, rows[1].box, legend);
  const seen = new WeakMap();
  let chosen = null;
  let now = [];

  function row() {
    const box = make("div", { className: "strip-row" });
    const label = make("p", { className: "strip-name" });
    const drawing = make("div", { className: "strip-holder" });
    box.append(label, drawing);
    return { box, label, strip: mountStrip(drawing, { onLayer }), role: "" };
  }

  function update(sides) {
    now = sides;
    const flows = sides.map(flowOf);
    const range = sides.reduce((grown, { history }) => joined(grown, reached(history)), null);
    rows.forEach((one, i) => {
      const side = sides[i];
      one.box.hidden = !side;
      if (!side) return;
      name(one, side);
      const { spec, started } = side.history;
      one.strip.update({ name: side.name, points: started?.points ?? [], net: spec.net, flow: flows[i], range });
    });
    explain();
    scale.style.visibility = range ? "" : "hidden";
    if (range) {
      write(low, scientific(10 ** range[0]));
      write(high, scientific(10 ** range[1]));
    }
    tell();
  }

  /** Name the kinds of shortcut, once there is one that is learned: all others look alike. */
  function explain() {
    const kinds = [...new Set(rows.flatMap(({ box, strip }) => (box.hidden ? [] : strip.beside)))];
    key.hidden = !kinds.includes("projection");
    if (key.dataset.kinds === kinds.join()) return;
    key.dataset.kinds = kinds.join();
    key.replaceChildren(make("span", { textContent: t("lab.strip.key") }), ...kinds.map(keyOf));
  }

  /** The decades of all frames of a history so far: a scale that only grows. */
  function reached(history) {
    const { count = 0, range = null } = seen.get(history) ?? {};
    const { frames } = history;
    const next = frames.slice(count).reduce((grown, { flow_norm: flow }) => decades(flow, grown), range);
    seen.set(history, { count: frames.length, range: next });
    return next;
  }

  function name(one, { role, name: called, history }) {
    if (one.role !== role) one.label.replaceChildren(swatch(role), make("span"), make("small"));
    one.role = role;
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
    const list = now.map((side) => {
      const value = flowOf(side)[chosen];
      return `${side.name} ${value === undefined ? t("lab.strip.not_measured") : scientific(value)}`;
    });
    const shape = points[chosen].shape.join("×");
    write(readout, t("lab.strip.both", { title: titleOf(points, chosen), shape, list: list.join(", ") }));
  }

  return {
    update,
    highlight(index) {
      chosen = index;
      for (const { strip } of rows) strip.highlight(index);
      tell();
    },
    sweep: () => Promise.all(rows.map(({ strip }) => strip.sweep())),
  };
}

function joined(one, other) {
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

function keyOf(kind) {
  const one = make("span");
  const drawing = shape("svg", { viewBox: "0 0 26 12", class: "strip-key-arc", "aria-hidden": true });
  drawing.append(set(arcsOf(kind), { d: "M1 12C1 0 25 0 25 12" }));
  one.append(drawing, t(`lab.strip.shortcuts.${kind}`));
  return one;
}

const flowOf = ({ history }) => history.frames.at(-1)?.flow_norm ?? [];
