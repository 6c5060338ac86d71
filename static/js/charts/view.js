import { make, write } from "#dom.js";
import { catalog } from "#given.js";
import { fieldsOf } from "#logic/fields.js";
import { trainedWords } from "#logic/specwords.js";
import { t } from "#logic/words.js";
import { fitted } from "#charts/fitted.js";
import { saved, titled } from "#charts/image.js";
import { menu } from "#charts/menu.js";
import { merge } from "#charts/merge.js";
import { axisBox } from "#charts/axisbox.js";
import { onPaper } from "#charts/paper.js";
import { ready } from "#charts/plotly.js";
import { readout } from "#charts/readout.js";
import { cancel, schedule } from "#charts/scheduler.js";
import { labelled } from "#charts/series.js";
import { openTable } from "#charts/table.js";


// A chart on paper: within the margins of A4 and of Letter, whatever its place on the screen.
const PAPER = { inlineSize: "660px", blockSize: "300px", minBlockSize: "0", flex: "none" };

/** The look on show: light, dark or projector; paper is light. */
const themeName = () => (onPaper() ? "light" : (document.documentElement.dataset.theme ?? "light"));

/**
 * What all charts have in common: one plot that is redrawn when it is in sight and its turn has
 * come, with its zoom, hidden series, highlight, text summary, data table and images.
 *
 * `draw(context)` is the chart itself, a pure function of the data:
 *   context: {data, options, figure (in this theme), width, height, tall (the height without its
 *   margins), hidden: Set of labels, view}
 *   returns {traces, layout, ends?, summary, table: () => {columns, rows}, labels?, marks?, cursorsAt?,
 *   layerAt?, clicked?, depth?, readout?}
 * `ends` are series' names at their ends: [{label, place (0 bottom to 1 top), at? (0 left to 1
 * right; default the right edge)}].
 * `marks(index)` says which stretches of which axis to mark for a layer ([{axis, across, from, to}]);
 * `cursorsAt(step)` marks a step in the same way. `labels` are the series that can be hidden.
 * `depth` is where its first and last layer stand. `layerAt(point)` is the layer that Plotly's point belongs to.
 * `readout(x)` is what readout.js says of a place on the x axis, instead of Plotly's labels.
 */
export class View {
  static count = 0;

  /**
   * @param {HTMLElement} el
   * @param {Json} figure as app/figures defines it
   * @param {Json} options the chart's, and what it tells its page
   * @param {(context: Json) => Json} draw
   */
  constructor(el, figure, options, draw, { longest = 170 } = {}) {
    this.el = el;
    this.figure = figure;
    this.options = options;
    this.draw = draw;
    this.longest = longest;
    this.data = null;
    this.hidden = new Set();
    this.view = { smoothing: 0 };
    this.zoom = {};
    this.highlighted = null;
    this.step = null;
    this.own = null; // what the element's style said before paper
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
    this.readout.hide();
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
    const title = this.options.title?.() ?? t(`charts.${this.figure.name}.title`);
    const specs = this.data.specs ?? this.data.series.filter(({ ghost }) => !ghost).map(({ history }) => history.spec);
    const layout = titled(this.plot.layout, title, trainedWords(specs, fieldsOf(catalog())), this.look);
    return saved(plotly, this.plot.data, layout, format);
  }

  /** Remove the chart and let go of everything it holds. */
  destroy() {
    cancel(this);
    this.readout.destroy();
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
    this.summary.id = `summary-${(View.count += 1)}`;
    this.plot.setAttribute("aria-label", t(`charts.${this.figure.name}.title`));
    this.plot.setAttribute("aria-describedby", this.summary.id);
    this.menu = menu(this);
    // Of what is not drawn there is no table and no image.
    this.menu.el.hidden = true;
    this.empty = make("p", { className: "plot-empty muted", textContent: t("charts.summary.none") });
    this.el.replaceChildren(this.plot, this.overlay, this.summary, this.empty, this.menu.el);
    this.readout = readout(this);
    // No margin: a chart just out of sight would cost as much as those that are seen.
    this.sight = new IntersectionObserver(([entry]) => {
      this.inSight = entry.isIntersecting;
      if (this.inSight && this.dirty) this.#wish();
    });
    this.sight.observe(this.el);
    this.size = new ResizeObserver(() => this.#wish());
    this.size.observe(this.plot);
    this.themed = () => this.#dress();
    document.addEventListener("themechange", this.themed);
    this.#dress();
  }

  #wish() {
    this.dirty = true;
    if (this.data === null || !(this.inSight || onPaper())) return;
    if (window.Plotly) schedule(this, () => this.#render(window.Plotly), this.longest);
    else ready.then(() => this.#wish());
  }

  /** In the look of the page. On paper every chart is drawn, and at once: a print waits for nothing. */
  #dress() {
    const { style } = this.el;
    if (onPaper()) {
      this.own ??= Object.fromEntries(Object.keys(PAPER).map((name) => [name, style[name]]));
      Object.assign(style, PAPER);
    } else {
      Object.assign(style, this.own);
      this.own = null;
    }
    if (onPaper() && window.Plotly) this.#render(window.Plotly);
    else this.#wish();
  }

  #context() {
    const figure = fitted(this.look, this.plot.clientHeight);
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
    this.readout.update();
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
      ...stretches.map((stretch) => axisBox(this.plot, stretch, "plot-mark")),
      ...cursors.map((cursor) => axisBox(this.plot, cursor, "plot-cursor")),
    ];
    this.overlay.replaceChildren(...boxes.filter(Boolean));
  }
}
