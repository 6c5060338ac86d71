// Small drawings of examples that are points: in the plane, or a row of numbers.
import { shape } from "#dom.js";
import { colour } from "#charts/swatch.js";
import { MARKERS } from "#logic/paint.js";
import { skipAt } from "#logic/skips.js";

const SIZE = 64;
const SCALE = 0.65; // of a marker, beside its size in a swatch
const REACH = 2.4; // standard deviations from the middle to the edge

/** A point among training points of both classes: those of class 0 hollow, the others filled. */
export function pointIn([x, y], { points, truth }) {
  const svg = canvas("sample-plane", SIZE, SIZE);
  points.forEach((one, i) => {
    svg.append(shape("circle", { cx: across(one[0]), cy: down(one[1]), r: 1.1, class: `class-${truth[i] % 2}` }));
  });
  svg.append(shape("circle", { cx: across(x), cy: down(y), r: 5.5, class: "sample-point" }));
  svg.append(shape("circle", { cx: across(x), cy: down(y), r: 1.6, class: "sample-centre" }));
  return svg;
}

/** The numbers that are to be answered, as dashes over a zero line. */
export function targets(target) {
  const svg = canvas("sample-row", SIZE, SIZE);
  svg.append(...dashes(target));
  return svg;
}

/** The same with the answers: a network's own marker for each. */
export function drawn(target, outputs, skip) {
  const svg = canvas("sample-row", SIZE, SIZE);
  svg.append(...dashes(target));
  colour(svg, skip);
  const d = MARKERS[skipAt(skip).paint.looks[0][1]];
  outputs.forEach((value, i) => {
    const [cx, cy] = [column(i, outputs.length), down(value)];
    svg.append(shape("path", { d, transform: `translate(${cx - 14 * SCALE} ${cy - 6 * SCALE}) scale(${SCALE})` }));
  });
  return svg;
}

function dashes(target) {
  const zero = shape("line", { x1: 0, x2: SIZE, y1: down(0), y2: down(0), class: "sample-zero" });
  const each = target.map((value, i) => {
    const x = column(i, target.length);
    return shape("line", { x1: x - 3, x2: x + 3, y1: down(value), y2: down(value), class: "sample-target" });
  });
  return [zero, ...each];
}

const column = (i, count) => ((i + 0.5) / count) * SIZE;
const across = (value) => SIZE / 2 + (clipped(value) / REACH) * (SIZE / 2);
const down = (value) => SIZE / 2 - (clipped(value) / REACH) * (SIZE / 2);
const clipped = (value) => Math.max(-REACH, Math.min(REACH, value));

function canvas(name, width, height) {
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, class: name, "aria-hidden": true });
}
