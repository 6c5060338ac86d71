// One block as a drawing: x above, its branch's pieces, what passes them, where they meet, y below.
import { colour } from "#charts/swatch.js";
import { set, shape, write } from "#dom.js";
import { WIDTH, layout } from "#logic/blocklayout.js";
import { plain } from "#logic/format.js";
import { number } from "#logic/microscopewords.js";
import { skipOf } from "#logic/spec.js";

const MARGIN = 24; // for what comes from afar
const SIDE = 6; // from an arrow to the number beside it

let count = 0; // of drawings: each has an arrowhead of its own

/** Mount an empty drawing; `update({block, spec, pieces, details, label})` draws a block of a network. */
export function mount(el) {
  const svg = shape("svg", { class: "scope-drawing", role: "img" });
  el.append(svg);
  const head = `scope-head-${(count += 1)}`;
  let drawn = "";
  let labels = new Map();

  function build({ block, spec, pieces, details }) {
    const { roads, drawing } = block.entry;
    const found = layout(block.anatomy, roads, block.strength === 1 ? "" : plain(block.strength));
    set(svg, { viewBox: `${-MARGIN} -2 ${WIDTH + MARGIN} ${found.height + 4}` });
    colour(svg, skipOf(spec));
    const lines = found.edges.map((edge) => lineOf(edge, drawing, head));
    const boxes = found.nodes.map((node) => nodeOf(node, { roads, pieces, details }));
    labels = new Map(found.edges.flatMap(labelsOf));
    svg.replaceChildren(arrowhead(head), ...lines.flat(), ...gateOf(found.nodes, drawing), ...listOf(found.nodes, drawing, head), ...boxes, ...labels.values());
  }

  return {
    update(next) {
      const { block, label } = next;
      const key = JSON.stringify([block.anatomy, block.name, block.entry.name, block.strength, next.spec.net]);
      if (key !== drawn) build(next);
      drawn = key;
      set(svg, { "aria-label": label });
      const values = valuesOf(block, labels);
      for (const [name, label] of labels) write(label, values.get(name) ?? "");
    },
  };
}

/** What is written beside each arrow, forward and back: by its name and the way. */
function valuesOf({ forward, backward, responses, anatomy, strength, entry }, labels) {
  const say = (sign, value) => (value === undefined ? "" : `${sign} ${number(value)}`);
  const between = strength !== 1 && entry.roads.shortcut; // of two factors in one sign: on no arrow
  const kept = labels.has("kept ↓") ? "kept" : between ? "none" : "shortcut";
  /** @type {[string, number][]} */
  const all = [
    ["x ↓", forward.x], ["x ↑", backward.x], ["written ↓", forward.written], [`${kept} ↓`, forward.kept],
    ["branch ↑", backward.branch], ["shortcut ↑", backward.shortcut], ["y ↓", forward.y], ["y ↑", backward.y],
  ];
  if (anatomy?.before.length) all.push(["h ↑", backward.h]);
  const texts = new Map(all.map(([name, value]) => [name, say(name.at(-1), value)]));
  for (const [layer, value] of Object.entries(responses)) texts.set(`response-${layer} ↓`, say("σ", value));
  return texts;
}

/** @returns {[string, SVGElement][]} the texts beside an arrow, by its name and the way */
function labelsOf({ id, at }) {
  return ["↓", "↑"].map((way) => {
    const forward = way === "↓";
    const text = shape("text", { class: `scope-number ${forward ? "forward" : "back"}`, x: at.x + (forward ? -SIDE : SIDE), y: at.y, "text-anchor": forward ? "end" : "start" });
    return [`${id} ${way}`, text];
  });
}

function lineOf({ d, at }, drawing, head) {
  const aside = at.side === "shortcut";
  const line = shape("path", { d, class: `scope-line ${at.side}`, "marker-end": `url(#${head})` });
  if (!aside || drawing !== "copies") return [line];
  return [...["copies", "between"].map((name) => shape("path", { d, class: `scope-line shortcut ${name}` })), line];
}

function nodeOf({ kind, x, y, width, height, piece, sign, id }, { roads, pieces, details }) {
  const group = shape("g", { class: `scope-node ${kind}` });
  if (kind === "fork") {
    group.append(shape("circle", { cx: x, cy: y, r: 2.5, class: "dot" }));
    return group;
  }
  if (kind === "end") {
    group.append(shape("circle", { cx: x, cy: y, r: width / 2 }), text(x, y, id, "sign"));
    return group;
  }
  if (kind === "factor") {
    group.append(shape("circle", { cx: x, cy: y, r: width / 2 }), text(x, y, "×"), text(x + width / 2 + 4, y, sign, "sign beside"));
    return group;
  }
  if (kind === "join" && roads.meets === "sum") {
    group.append(shape("circle", { cx: x, cy: y, r: width / 2 }), shape("path", { d: `M${x - 6} ${y}h12M${x} ${y - 6}v12`, class: "plus" }));
    return group;
  }
  group.append(shape("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 3 }));
  if (kind === "join") group.append(text(x, y, "[ … , F ]"));
  else if (kind === "read") group.append(text(x, y, sign, "sign"));
  else {
    const title = shape("title", {});
    title.textContent = [pieces(piece), details(piece)].filter(Boolean).join(", ");
    const name = text(x, y, pieces(piece));
    if (name.textContent.length > 15) set(name, { textLength: width - 8, lengthAdjust: "spacingAndGlyphs" });
    group.classList.add(piece.kind);
    group.append(title, name);
  }
  return group;
}

function text(x, y, words, name = "") {
  const made = shape("text", { x, y, class: name });
  made.textContent = words;
  return made;
}

/** A gate reads the shortcut, and decides about one road or both. */
function gateOf(nodes, drawing) {
  if (drawing !== "gate") return [];
  const [factor, other] = ["factor", "shortcut-factor"].map((name) => nodes.find(({ id }) => id === name));
  if (!factor || !other) return [];
  return [shape("path", { d: `M${factor.x + 34} ${factor.y}H${other.x - other.width / 2}`, class: "scope-gate" })];
}

/** Where what all blocks before wrote comes in, and where this block's output goes out to all later ones. */
function listOf(nodes, drawing, head) {
  if (drawing !== "onward") return [];
  const at = (name) => nodes.find(({ id }) => id === name);
  const [read, y] = [at("read"), at("y")];
  const into = read ? [`M${4 - MARGIN} ${read.y}H${read.x - read.width / 2}`] : [];
  return [...into, `M${y.x - y.width / 2} ${y.y}H${4 - MARGIN}`].map((d) => shape("path", { d, class: "scope-list", "marker-end": `url(#${head})` }));
}

function arrowhead(id) {
  const defs = shape("defs", {});
  const marker = shape("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" });
  marker.append(shape("path", { d: "M0 0L8 4L0 8Z" }));
  defs.append(marker);
  return defs;
}
