// How numbers are written in the tables that are taken away: one choice, the same on all pages.
import { exportUrl } from "#api.js";
import { make } from "#dom.js";
import { t } from "#logic/words.js";

const KEY = "depthscope.decimal";
const TABLES = 'a[href*="/export?format=csv"]';
const BOXES = ".decimal input";
let comma = remembered() === "comma";

/** Where a run or study can be downloaded; a table as its numbers are wanted. */
export function fileUrl(kind, id, format) {
  return exportUrl(kind, id, format, format === "csv" && comma ? "comma" : undefined);
}

/** The switch, for beside the links: most of Europe's spreadsheets read 0,5 and take 0.5 for text. */
export function decimalSwitch() {
  const el = make("label", { className: "decimal small" });
  const box = make("input", { type: "checkbox", checked: comma });
  box.addEventListener("change", () => choose(box.checked));
  el.append(box, t("common.decimal"));
  return el;
}

function choose(next) {
  comma = next;
  remember(comma ? "comma" : "point");
  for (const box of document.querySelectorAll(BOXES)) box.checked = comma;
  for (const link of document.querySelectorAll(TABLES)) {
    const url = new URL(link.href);
    url.searchParams.delete("decimal");
    if (comma) url.searchParams.set("decimal", "comma");
    link.href = url.href;
  }
}

function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null; // Storage may be forbidden.
  }
}

function remember(choice) {
  try {
    window.localStorage.setItem(KEY, choice);
  } catch {
    // Not kept over a reload, and nothing else is lost.
  }
}
