import { painted } from "#charts/series.js";

/** The handle that a chart's mount returns. */
export function handle(view) {
  return {
    update: (data, more = {}) =>
      view.update(Array.isArray(data) ? { series: data, ...more } : { ...data, ...more }),
    highlight: (index) => view.highlight(index),
    cursor: (step) => view.cursor(step),
    clear: () => view.clear(),
    theme: () => view.theme(),
    /** The paint of each series, as the chart has it in the page's theme: for swatches. */
    paints: (series) => painted(series, view.look).map(({ paint }) => paint),
    see: (how) => view.see(how),
    image: (format) => view.image(format),
    table: () => view.table(),
    destroy: () => view.destroy(),
    view,
  };
}
