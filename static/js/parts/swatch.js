const SVG = "http://www.w3.org/2000/svg";
const MARKERS = {
  plain: "M10.5 2.5h7v7h-7z",
  residual: "M14 2.3a3.7 3.7 0 1 0 0 7.4a3.7 3.7 0 1 0 0-7.4z",
  other: "M14 1.5l4.5 4.5l-4.5 4.5l-4.5-4.5z",
};

/** A role's colour, dash and marker, to stand before its name. The name itself stays ink. */
export function swatch(role) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 28 12");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.role = role;
  svg.append(shape("M0 6H28", "swatch-line"), shape(MARKERS[role], ""));
  return svg;
}

function shape(d, name) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  path.setAttribute("class", name);
  return path;
}
