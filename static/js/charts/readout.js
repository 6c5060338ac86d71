import { make, set } from "#dom.js";
import { swatch } from "#charts/swatch.js";

const EDGE = 4; // pixels that stay free at the window's upper edge

/**
 * What was measured where a chart is pointed at: a small table above the plot, which it leaves free.
 *
 * Only for charts whose drawing has `readout(x)`, `x` being a place on the x axis; it gives
 * {x, head: string[][], rows: [{skip, paint, label, cells: string[][]}]} or null; a cell has short texts,
 * none of which is broken. A touch leaves the table until the next one.
 *
 * @param {import("#charts/view.js").View} view
 */
export function readout(view) {
  const { el: chart, plot } = view;
  const table = set(make("table", { className: "plot-readout", hidden: true }), { "aria-hidden": "true" });
  const line = make("div", { className: "plot-readout-line", hidden: true });
  chart.append(line, table);
  let at = null;
  let shown = "";

  function pointed({ clientX }) {
    const axis = plot._fullLayout?.xaxis;
    if (!axis || !view.drawn?.readout) return;
    const x = clientX - plot.getBoundingClientRect().left - axis._offset;
    at = x >= 0 && x <= axis._length ? axis.p2c(x) : null;
    update();
  }

  /** Say it of what is drawn now. */
  function update() {
    const content = at === null ? null : (view.drawn?.readout?.(at) ?? null);
    table.hidden = line.hidden = content === null;
    if (content) fill(content);
  }

  function fill({ x, head, rows }) {
    const text = JSON.stringify([head, rows]);
    if (text !== shown) table.replaceChildren(row("th", head), ...rows.map(series));
    shown = text;
    const { _size: size, xaxis: axis } = plot._fullLayout;
    const place = axis._offset + axis.c2p(x);
    Object.assign(line.style, { left: `${place}px`, top: `${size.t}px`, height: `${size.h}px` });
    const { top } = chart.getBoundingClientRect();
    const left = Math.min(place - table.offsetWidth / 2, chart.clientWidth - table.offsetWidth);
    table.style.left = `${Math.max(0, left)}px`;
    table.style.top = `${Math.max(size.t - table.offsetHeight, EDGE - top)}px`;
  }

  function hide() {
    at = null;
    update();
  }

  function elsewhere({ target }) {
    if (!plot.contains(target)) hide();
  }

  plot.addEventListener("pointermove", pointed);
  plot.addEventListener("pointerdown", pointed);
  plot.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || hide());
  document.addEventListener("pointerdown", elsewhere);
  return { update, hide, destroy: () => document.removeEventListener("pointerdown", elsewhere) };
}

function series({ skip, paint, label, cells }) {
  const line = row("td", cells);
  const name = make("th");
  name.append(swatch(skip, paint), ` ${label}`);
  line.prepend(name);
  return line;
}

function row(kind, cells) {
  const line = make("tr");
  for (const texts of cells) {
    const cell = make(kind);
    cell.append(...texts.flatMap((textContent) => [make("span", { textContent }), " "]));
    line.append(cell);
  }
  return line;
}
