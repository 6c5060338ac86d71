// The gradient's parts as arrows, head to tail, and their lengths laid along one line below.
import { make, set, shape, write } from "#dom.js";
import { arrowsOf, barsOf, extent, plane } from "#logic/gradientarrows.js";
import { number } from "#logic/microscopewords.js";
import { t } from "#logic/words.js";

const HEAD = 7;
const THICK = 6;

/**
 * Mount an empty plane; `update({block, reach, label})` draws a block's gradients, `reach` as extent() gives it
 * of all that are compared.
 */
export function mount(el) {
  const svg = shape("svg", { class: "scope-arrows", role: "img" });
  const rows = [0, 1, 2].map(() => ({ words: make("p", { className: "scope-bar-words" }), bars: shape("svg", { class: "scope-bars", "aria-hidden": true }) }));
  el.append(svg, ...rows.flatMap(({ words, bars }) => [words, bars]));
  return {
    update({ block, reach, label }) {
      const arrows = arrowsOf(block);
      const bars = barsOf(block);
      el.hidden = !arrows.length;
      if (el.hidden) {
        svg.replaceChildren();
        return;
      }
      const { width, height, unit, place } = plane(reach, extent(arrows, bars));
      const [x0] = place([0, 0]);
      set(svg, { viewBox: `0 0 ${width} ${height}`, "aria-label": label });
      svg.replaceChildren(...arrows.map(({ kind, from, to }) => arrow(kind, place(from), place(to))));
      const texts = rowWords(block, bars);
      rows.forEach((one, row) => {
        const its = bars.filter((bar) => bar.row === row);
        one.words.hidden = !its.length;
        one.bars.style.display = its.length ? "" : "none";
        write(one.words, texts[row] ?? "");
        set(one.bars, { viewBox: `0 0 ${width} ${THICK}` });
        one.bars.replaceChildren(...its.map(({ kind, from, to }) => barOf(kind, x0 + from * unit, x0 + to * unit)));
      });
    },
  };
}

/**
 * @param {number[]} from
 * @param {number[]} to
 */
function arrow(kind, from, to) {
  const [x1, y1] = from;
  const [x2, y2] = to;
  const long = Math.hypot(x2 - x1, y2 - y1);
  const head = Math.min(HEAD, long);
  const [ux, uy] = long ? [(x2 - x1) / long, (y2 - y1) / long] : [0, 0];
  const [bx, by] = [x2 - ux * head, y2 - uy * head];
  const wing = head * 0.45;
  const group = shape("g", { class: `scope-arrow ${kind}` });
  group.append(
    shape("path", { d: `M${x1} ${y1}L${bx} ${by}`, class: "shaft" }),
    shape("path", { d: `M${x2} ${y2}L${bx - uy * wing} ${by + ux * wing}L${bx + uy * wing} ${by - ux * wing}Z`, class: "head" }),
  );
  return group;
}

const barOf = (kind, x1, x2) => shape("path", { d: `M${x1} ${THICK / 2}H${Math.max(x1 + 0.5, x2)}`, class: `scope-bar ${kind}` });

function rowWords({ backward, entry }, bars) {
  const rows = [t("lab.scope.bar.arrives", { value: number(backward.y) })];
  if (entry.adds) {
    rows.push(t("lab.scope.bar.parts", { shortcut: number(backward.shortcut), branch: number(backward.branch) }));
    rows.push(t("lab.scope.bar.whole", { value: number(bars.at(-1).to * backward.y) }));
  } else if (entry.drawing === "") rows.push(t("lab.scope.bar.one", { value: number(backward.x) }));
  else rows.push(t("lab.scope.bar.whole", { value: number(backward.x) }));
  return rows;
}
