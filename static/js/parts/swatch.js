import { shape } from "../dom.js";

const MARKERS = {
  plain: "M10.5 2.5h7v7h-7z",
  residual: "M14 2.3a3.7 3.7 0 1 0 0 7.4a3.7 3.7 0 1 0 0-7.4z",
  other: "M14 1.5l4.5 4.5l-4.5 4.5l-4.5-4.5z",
};

/**
 * A role's colour, dash and marker, to stand before its name. The name itself stays ink.
 *
 * `colour` is that of a line which a chart tells apart from others of its role.
 */
export function swatch(role, colour = "") {
  const svg = shape("svg", { viewBox: "0 0 28 12", class: "swatch", "aria-hidden": true });
  svg.dataset.role = role;
  if (colour) svg.style.setProperty("--paint", colour);
  svg.append(shape("path", { d: "M0 6H28", class: "swatch-line" }), shape("path", { d: MARKERS[role] }));
  return svg;
}
