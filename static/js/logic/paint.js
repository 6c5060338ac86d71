// How lines look in small, beside their names: Plotly's dashes and markers as SVG, 28 by 12.

/** Each dash by Plotly's name, as a stroke-dasharray; the first piece begins at the left. */
export const DASHES = {
  solid: "none",
  dash: "5 3",
  dot: "2 2",
  dashdot: "5 2 2 2",
  longdash: "8 2",
  longdashdot: "8 2 2 2",
};

/** Each marker by Plotly's name, as a path in the middle. */
export const MARKERS = {
  circle: "M14 2.3a3.7 3.7 0 1 0 0 7.4a3.7 3.7 0 1 0 0-7.4z",
  square: "M10.5 2.5h7v7h-7z",
  diamond: "M14 1.5l4.5 4.5l-4.5 4.5l-4.5-4.5z",
  "triangle-up": "M14 1.5l4.6 8h-9.2z",
  "triangle-down": "M14 10.5l4.6-8h-9.2z",
  cross: "M12.5 1.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
  x: "M11 1.2l3 3l3-3l1.8 1.8l-3 3l3 3l-1.8 1.8l-3-3l-3 3l-1.8-1.8l3-3l-3-3z",
  star: "M14 .8l1.5 3.4l3.7.4l-2.8 2.5l.8 3.6l-3.2-1.8l-3.2 1.8l.8-3.6l-2.8-2.5l3.7-.4z",
};
