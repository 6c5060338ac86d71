// What can be taken away from a page: its link, a chart's picture.
import { t } from "../logic/words.js";
import { toast } from "./toast.js";

/** Copies this page's address; where the browser forbids it, shows it to be copied by hand. */
export async function copyLink(done) {
  const link = window.location.href;
  try {
    // Not there on plain HTTP from another machine: how a class opens this page.
    await navigator.clipboard.writeText(link);
    toast(done);
  } catch {
    toast(`${t("depth.actions.copy")} ${link}`, { kind: "error" });
  }
}

/** Saves a chart as "png" or "svg", named by its title. */
export async function offerImage(chart, format, title) {
  const image = await chart.image(format);
  const link = document.createElement("a");
  link.href = image;
  link.download = `${title.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-")}.${format}`;
  link.click();
  if (image.startsWith("blob:")) window.setTimeout(() => URL.revokeObjectURL(image), 60_000);
}
