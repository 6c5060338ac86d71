// What was written into the page as it was made: words, figures and what can be chosen.
import { use as useSkips } from "#logic/skips.js";
import { use as useSettings } from "#logic/specwords.js";
import { use as useWords } from "#logic/words.js";

const read = new Map();

function block(id) {
  if (!read.has(id)) read.set(id, JSON.parse(document.getElementById(id).textContent));
  return read.get(id);
}

/** What can be chosen: families, skips, data sets, studies, presets, settings. */
export const catalog = () => block("catalog");
/** Every chart's figure, as Python defined it. */
export const figures = () => block("figures");
/** What an exported file is of: {entry, events: {run's id: its events}, address: the server's or ""}. */
export const exported = () => block("exported");

useWords(block("words"));
useSkips(catalog().skips);
useSettings(catalog());
