import { shape } from "#dom.js";
import { DASHES, MARKERS } from "#logic/paint.js";
import { skipAt } from "#logic/skips.js";

/**
 * A skip's colour, dash and marker, to stand before its name. The name itself stays ink.
 *
 * @param {string} skip its name
 * @param {Json} [paint] that of a line which a chart tells apart from others of its skip
 */
export function swatch(skip, paint) {
  const svg = shape("svg", { viewBox: "0 0 28 12", class: "swatch", "aria-hidden": true });
  const [dash, symbol] = paint ? [paint.line.dash, paint.marker.symbol] : skipAt(skip).paint.looks[0];
  svg.dataset.skip = skip;
  if (paint) repaint(svg, paint);
  else colour(svg, skip);
  svg.append(
    shape("path", { d: "M0 6H28", class: "swatch-line", "stroke-dasharray": DASHES[dash] }),
    shape("path", { d: MARKERS[symbol] }),
  );
  return svg;
}

/**
 * Give a swatch the colour that its line has in another theme.
 *
 * @param {SVGElement} svg
 * @param {Json} paint
 */
export function repaint(svg, paint) {
  svg.style.setProperty("--paint", paint.line.color);
}

/**
 * Let a drawing have the colour of a skip, in each theme its own.
 *
 * @param {HTMLElement | SVGElement} el
 * @param {string} skip
 */
export function colour(el, skip) {
  el.style.setProperty("--paint", `var(--${skipAt(skip).paint.hue})`);
}
