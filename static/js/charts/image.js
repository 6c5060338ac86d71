import { make } from "#dom.js";
import { merge } from "#charts/merge.js";

const LETTER = 0.53; // of the font's size, about, is one letter wide

/**
 * A drawing's layout with its title above and, smaller, what was trained; nothing is transparent.
 *
 * @param {Json} layout with its width and height in pixels
 * @param {string} title
 * @param {string[]} facts what was trained, in words
 * @param {{paper: string, ink: string, muted: string, font: number}} look
 */
export function titled(layout, title, facts, { paper, ink, muted, font }) {
  const lines = wrapped(facts, Math.floor((layout.width - 2 * font) / (font * LETTER)));
  const heading = 2 * font;
  const top = heading + font * (1.3 * lines.length + 0.6);
  const { margin } = layout;
  const edge = font / 2; // names of ticks reach to the drawing's edge
  const about = {
    text: lines.join("<br>"), align: "left", font: { size: font, color: muted },
    borderpad: 0, xref: "paper", x: 0, xanchor: "left", xshift: -margin.l,
    yref: "paper", y: 1, yanchor: "top", yshift: margin.t + top - heading,
  };
  return merge(layout, {
    paper_bgcolor: paper,
    plot_bgcolor: paper,
    title: { text: title, x: edge / (layout.width + edge), xanchor: "left", y: 1, yanchor: "top", pad: { t: font * 0.6 }, font: { size: font * 1.1, color: ink } },
    annotations: [...(layout.annotations ?? []), about],
    margin: { t: margin.t + top, l: margin.l + edge },
    width: layout.width + edge,
    height: layout.height + top,
  });
}

/** Facts in as few lines as have room for so many letters; a fact is never broken. */
function wrapped(facts, most) {
  const lines = [];
  for (const fact of facts) {
    const longer = `${lines.at(-1)} · ${fact}`;
    if (lines.length && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(fact);
  }
  return lines;
}

/** A drawing as an image, apart from the page: a Blob of "png" or "svg". */
export async function saved(plotly, data, layout, format) {
  const { width, height } = layout;
  const scale = format === "png" ? 2 : 1;
  const url = await plotly.toImage(
    { data, layout, config: { plotlyServerURL: "" } },
    { format, width, height, scale },
  );
  return format === "svg" ? svg(url) : png(url);
}

function svg(url) {
  const text = decodeURIComponent(url.slice(url.indexOf(",") + 1));
  return new Blob([text], { type: "image/svg+xml" });
}

function png(url) {
  // Not fetch(): the page's rules allow requests to the server alone.
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}

/** Hand a Blob to the person as a file of this name. */
export function download(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
