import { make, write } from "../dom.js";
import { t } from "../logic/words.js";
import { saved } from "./image.js";
import { menu } from "./menu.js";
import { merge } from "./merge.js";
import { ready } from "./plotly.js";
import { cancel, schedule } from "./scheduler.js";
import { labelled } from "./series.js";
import { openTable } from "./table.js";

const SHORT = 12; // lines of text: a chart that is less tall has none to spare

/** The look on show: light, dark or projector. */
const themeName = () => document.documentElement.dataset.theme ?? "light";

/**
 * What all charts have in common: one plot that is redrawn when it is in sight and its turn has
 * come, with its zoom, hidden series, highlight, text summary, data table and images.
 *
 * `draw(context)` is the chart itself, a pure function of the data:
 *   context: {data, options, figure (in this theme), width, height, tall (the height without its
 *   margins), hidden: Set of labels, view}
 *   returns {traces, layout, ends?, summary, table: () => {columns, rows}, labels?, marks?, cursorsAt?,
 *   layerAt?, clicked?, depth?}
 * `ends` are series' names at their ends: [{label, place (0 bottom to 1 top), at? (0 left to 1
 * right; default the right edge)}].
 * `marks(index)` says which stretches of which axis to mark for a layer ([{axis, across, from, to}]);
 * `cursorsAt(step)` marks a step in the same way. `labels` are the series that can be hidden.
 * `depth` is where its first and last layer stand. `layerAt(point)` is the layer that Plotly's point belongs to.
 */
export class View {
  constructor(el, figure, options, draw, { longest = 170 } = {}) {
    Object.assign(this, { el, figure, options, draw, longest });
    this.data = null;
    this.hidden = new Set();
    this.view = { smoothing: 0 };
    this.zoom = {};
    this.highlighted = null;
    this.step = null;
    this.inSight = false;
    this.dirty = false;
    this.drawn = null;
    this.#build();
  }

  /** Show this; drawn in its turn. */
  update(data) {
    this.data = data;
    this.empty.remove();
    if ("cursor" in data) this.step = data.cursor;
    this.#wish();
  }

  /** Show nothing, as before the first measurement. */
  clear() {
    if (this.data === null) return;
    cancel(this);
    if (this.drawn) window.Plotly.purge(this.plot);
    Object.assign(this, { data: null, drawn: null, dirty: false, zoom: {} });
    if (this.highlighted !== null) this.options.onHover?.(null); // Plotly will tell no more of it
    this.highlighted = null;
    this.overlay.replaceChildren();
    write(this.summary, "");
    Object.assign(this.menu.el, { hidden: true, open: false });
    this.el.append(this.empty);
  }

  /** Mark a step on the axis of steps, or none; nothing is drawn anew. */
  cursor(step) {
    this.step = step;
    this.#mark();
  }

  /** Mark a layer (number of its point in depth order), or none. */
  highlight(index) {
    if (index === this.highlighted) return;
    this.highlighted = index;
    this.#mark();
  }

  /** Draw again in the theme of the page. */
  theme() {
    this.#wish();
  }

  /** The chart as an image: "png" or "svg", as a Blob with nothing transparent. */
  async image(format) {
    const plotly = await ready;
    this.#render(plotly);
    const { paper, font, ink } = this.look;
    const title = this.options.title?.() ?? t(`charts.${this.figure.name}.title`);
    const layout = merge(this.plot.layout, {
      paper_bgcolor: paper,
      plot_bgcolor: paper,
      title: { text: title, x: 0.01, xanchor: "left", y: 1, yanchor: "top", pad: { t: font * 0.6 }, font: { size: font * 1.1, color: ink } },
      margin: { t: this.plot.layout.margin.t + font * 1.8 },
      height: this.plot.layout.height + font * 1.8,
    });
    return saved(plotly, this.plot.data, layout, format);
  }

  /** Remove the chart and let go of everything it holds. */
  destroy() {
    cancel(this);
    this.sight.disconnect();
    this.size.disconnect();
    document.removeEventListener("themechange", this.themed);
    if (this.drawn) window.Plotly.purge(this.plot);
    this.el.replaceChildren();
  }

  /** Whether the last update has been drawn. */
  get settled() {
    return !this.dirty && this.drawn !== null;
  }

  /** Leave out or show again the series of this label. */
  toggle(label) {
    if (!this.hidden.delete(label)) this.hidden.add(label);
    this.#wish();
  }

  /** Change how the data is seen (smoothing), without other data. */
  see(view) {
    Object.assign(this.view, view);
    this.#wish();
  }

  /** Show all again after zooming. */
  reset() {
    this.zoom = {};
    this.#wish();
  }

  /** Open the table of what is drawn. */
  table() {
    if (!this.data) return;
    const drawn = this.draw(this.#context());
    openTable({
      title: this.options.title?.() ?? t(`charts.${this.figure.name}.title`),
      summary: drawn.summary,
      ...drawn.table(),
    });
  }

  /** Where a value of the x axis is, in pixels from the left edge; the drawn range without zoom. */
  placeOf(x) {
    const axis = this.plot._fullLayout.xaxis;
    return axis._offset + axis.c2p(x);
  }

  /** The figure in the theme of the page. */
  get look() {
    return this.figure.themes[themeName()];
  }

  #build() {
    this.el.classList.add("plot");
    this.el.dataset.chart = this.figure.name;
    this.plot = make("div", { className: "plot-area" });
    this.plot.setAttribute("role", "img");
    this.overlay = make("div", { className: "plot-overlay" });
    this.overlay.setAttribute("aria-hidden", "true");
    this.summary = make("p", { className: "visually-hidden" });
    this.summary.id = `summary-${(View.count = (View.count ?? 0) + 1)}`;
    this.plot.setAttribute("aria-label", t(`charts.${this.figure.name}.title`));
    this.plot.setAttribute("aria-describedby", this.summary.id);
    this.menu = menu(this);
    // Of what is not drawn there is no table and no image.
    this.menu.el.hidden = true;
    this.empty = make("p", { className: "plot-empty muted", textContent: t("charts.summary.none") });
    this.el.replaceChildren(this.plot, this.overlay, this.summary, this.empty, this.menu.el);
    // No margin: a chart just out of sight would cost as much as those that are seen.
    this.sight = new IntersectionObserver(([entry]) => {
      this.inSight = entry.isIntersecting;
      if (this.inSight && this.dirty) this.#wish();
    });
    this.sight.observe(this.el);
    this.size = new ResizeObserver(() => this.#wish());
    this.size.observe(this.plot);
    this.themed = () => this.#wish();
    document.addEventListener("themechange", this.themed);
  }

  #wish() {
    this.dirty = true;
    if (this.data === null || !this.inSight) return;
    if (window.Plotly) schedule(this, () => this.#render(window.Plotly), this.longest);
    else ready.then(() => this.#wish());
  }

  /** The figure as there is room for it: a short one leaves what its y axis shows to its heading. */
  #fitted() {
    const figure = this.look;
    const { margin, annotations = [] } = figure.layout;
    const rest = annotations.filter(({ name }) => name !== "y");
    if (this.plot.clientHeight >= SHORT * figure.font || rest.length === annotations.length) return figure;
    const layout = { ...figure.layout, annotations: rest, margin: { ...margin, t: 0.6 * figure.font } };
    return { ...figure, layout };
  }

  #context() {
    const figure = this.#fitted();
    const { margin } = figure.layout;
    return {
      data: this.data,
      options: this.options,
      figure,
      width: this.plot.clientWidth,
      height: this.plot.clientHeight,
      tall: this.plot.clientHeight - margin.t - margin.b,
      hidden: this.hidden,
      view: this.view,
      zoom: this.zoom,
    };
  }

  #render(plotly) {
    const context = this.#context();
    if (this.data === null || context.width === 0 || context.height === 0) return;
    const drawn = this.draw(context);
    const { width, height } = context;
    let layout = merge(merge(context.figure.layout, { width, height }), drawn.layout);
    layout = labelled(layout, drawn, context.figure);
    layout = merge(layout, this.#zoomed());
    plotly.react(this.plot, drawn.traces, layout, this.figure.config);
    if (this.drawn === null) this.#listen();
    this.drawn = drawn;
    this.menu.el.hidden = false;
    this.dirty = false;
    write(this.summary, drawn.summary);
    this.menu.update(drawn);
    this.#mark();
    this.options.onDrawn?.(this);
  }

  /** The ranges a person chose by zooming, as layout. */
  #zoomed() {
    return Object.fromEntries(Object.entries(this.zoom).map(([axis, range]) => [axis, { range }]));
  }

  #listen() {
    this.plot.on("plotly_relayout", (change) => {
      for (const [key, value] of Object.entries(change)) {
        const match = /^([xy]axis\d*)\.range\[([01])\]$/.exec(key);
        if (match) this.zoom[match[1]] = Object.assign(this.zoom[match[1]] ?? [], { [match[2]]: value });
      }
      this.menu.update(this.drawn);
      this.options.onZoom?.(this);
      if (Object.keys(change).some((key) => key.includes(".range"))) this.#wish();
    });
    this.plot.on("plotly_doubleclick", () => this.reset());
    this.plot.on("plotly_hover", ({ points }) => {
      const index = this.drawn.layerAt?.(points[0]) ?? null;
      if (index !== null) this.options.onHover?.(index);
    });
    this.plot.on("plotly_unhover", () => {
      if (this.drawn.layerAt) this.options.onHover?.(null);
    });
    this.plot.on("plotly_click", ({ points }) => this.drawn.clicked?.(points[0]));
  }

  #mark() {
    const stretches =
      this.drawn?.marks && this.highlighted !== null ? this.drawn.marks(this.highlighted) : [];
    const cursors = this.drawn?.cursorsAt?.(this.step) ?? [];
    const boxes = [
      ...stretches.map((stretch) => this.#box(stretch, "plot-mark")),
      ...cursors.map((cursor) => this.#box(cursor, "plot-cursor")),
    ];
    this.overlay.replaceChildren(...boxes.filter(Boolean));
  }

  /** A box over a stretch of an axis, from edge to edge of the plot; null where out of range. */
  #box({ axis, from, to, across, inside = false }, kind) {
    const full = this.plot._fullLayout;
    const along = full?.[axis];
    const other = full?.[across];
    if (!along || !other) return null;
    const ends = [along.c2p(from), along.c2p(to)].sort((a, b) => a - b);
    if (ends[1] < 0 || ends[0] > along._length) return null;
    const start = Math.max(0, ends[0]);
    const box = make("div", { className: kind });
    const flat = axis.startsWith("x");
    const [place, length] = [along._offset + start, Math.min(ends[1], along._length) - start];
    // The whole drawing's height, lanes included, but one panel's width.
    const size = inside ? { t: other._offset, h: other._length } : full._size;
    Object.assign(box.style, flat
      ? { left: `${place}px`, width: `${Math.max(length, 2)}px`, top: `${size.t}px`, height: `${size.h}px` }
      : { top: `${place}px`, height: `${Math.max(length, 2)}px`, left: `${other._offset}px`, width: `${other._length}px` });
    return box;
  }
}
