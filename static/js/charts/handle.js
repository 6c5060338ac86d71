import { painted } from "./series.js";

/** The handle that a chart's mount returns. */
export function handle(view) {
  return {
    update: (data, more = {}) =>
      view.update(Array.isArray(data) ? { series: data, ...more } : { ...data, ...more }),
    highlight: (index) => view.highlight(index),
    cursor: (step) => view.cursor(step),
    clear: () => view.clear(),
    theme: () => view.theme(),
    /** The colour of each series' line, as the chart paints them in the page's theme. */
    colours: (series) => painted(series, view.look).map(({ paint }) => paint.line.color),
    see: (how) => view.see(how),
    image: (format) => view.image(format),
    table: () => view.table(),
    destroy: () => view.destroy(),
    view,
  };
}
