// Gradients as arrows in one plane: what arrives, and what comes out through branch and shortcut, head to tail.

const WIDE = 230;
const TALL = 96;
const EDGE = 8;

/**
 * The arrows of one block, in units of the gradient that arrives at its output.
 *
 * @param {Json} block as blockOf gives it
 * @returns {{kind: string, from: number[], to: number[]}[]} of the kinds "shortcut", "branch" and "whole"; empty
 *   where nothing can be drawn
 */
export function arrowsOf({ roads, entry, backward }) {
  const unit = backward.y;
  if (!(unit > 0)) return [];
  if (entry.adds) {
    if (!roads) return [];
    const [head, tip] = [roads.head, roads.tip].map(([x, y]) => [x / unit, y / unit]);
    const parts = [
      { kind: "shortcut", from: [0, 0], to: head },
      { kind: "branch", from: head, to: tip },
    ];
    return [...parts.filter((one) => length(one) > 0), { kind: "whole", from: [0, 0], to: tip }];
  }
  if (!Number.isFinite(backward.x) || entry.drawing === "onward") return [];
  return [{ kind: entry.drawing === "" ? "branch" : "whole", from: [0, 0], to: [backward.x / unit, 0] }];
}

const length = ({ from, to }) => Math.hypot(to[0] - from[0], to[1] - from[1]);

/**
 * The same lengths laid along one line, in the same units: what arrives; both parts, one behind the other,
 * which is not what they make as vectors; and what they make.
 *
 * @returns {{kind: string, row: number, from: number, to: number}[]}
 */
export function barsOf(block) {
  const arrows = arrowsOf(block);
  if (!arrows.length) return [];
  let end = 0;
  const parts = arrows.filter(({ kind }) => kind !== "whole").map((arrow) => {
    const bar = { kind: arrow.kind, row: 1, from: end, to: end + length(arrow) };
    end = bar.to;
    return bar;
  });
  const after = parts.length ? 2 : 1;
  const whole = arrows.filter(({ kind }) => kind === "whole").map((arrow) => ({ kind: arrow.kind, row: after, from: 0, to: length(arrow) }));
  return [{ kind: "arrives", row: 0, from: 0, to: 1 }, ...parts, ...whole];
}

/** What all these arrows and bars take up: [left, bottom, right, top]. */
export function extent(arrows, bars) {
  const ends = bars.map(({ to }) => [to, 0]);
  const points = arrows.flatMap(({ from, to }) => [from, to]).concat([[0, 0]], ends);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/**
 * Where arrows stand in a box, at one scale for all that are compared.
 *
 * @param {number[]} reach what all of them take up, as extent() gives it
 * @param {number[]} own what those take up that stand in this box
 * @returns {{width: number, height: number, unit: number, place: (point: number[]) => number[]}}
 */
export function plane([left, bottom, right, top], [, low, , high]) {
  const unit = Math.min((WIDE - 2 * EDGE) / (right - left), (TALL - 2 * EDGE) / Math.max(top - bottom, 1e-9));
  const height = (high - low) * unit + 2 * EDGE;
  return { width: WIDE, height, unit, place: ([x, y]) => [EDGE + (x - left) * unit, EDGE + (high - y) * unit] };
}
