import { t } from "#logic/words.js";
import { relabelled } from "#charts/merge.js";

const SHORT = 15; // lines of text: a chart that is less tall has none to spare

/**
 * A figure as there is room for it: a compact one leaves what its y axis shows to its heading, has one row
 * below its x axis, of steps alone, and says there which way the gradient goes instead of numbering layers.
 *
 * @param {any} figure in one theme
 * @param {number} height in pixels
 * @returns {any} a figure, `compact` where it is
 */
export function fitted(figure, height) {
  const { margin, annotations = [] } = figure.layout;
  const named = (wanted) => annotations.some(({ name }) => name === wanted);
  if (height >= SHORT * figure.font || !named("y")) return figure;
  const rest = annotations.filter(({ name }) => name !== "y");
  const way = { text: `⟵ ${t("charts.axis.backwards_short")}`, yshift: -0.2 * figure.font };
  const layout = {
    ...figure.layout,
    annotations: relabelled(rest, "steps", t("charts.axis.step")).map((one) => (one.name === "way" ? { ...one, ...way } : one)),
    margin: { ...margin, t: 0.6 * figure.font, b: ["steps", "way"].some(named) ? 1.8 * figure.font : margin.b },
  };
  return { ...figure, layout, compact: true };
}
