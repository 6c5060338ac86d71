import { make } from "../dom.js";

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
