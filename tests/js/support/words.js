// The words of the pages and the names of skips, as every module that speaks needs them.
import { readFileSync } from "node:fs";
import { use as useSkips } from "#logic/skips.js";
import { use as useSettings } from "#logic/specwords.js";
import { use } from "#logic/words.js";
import { python } from "#support/python.js";

export const words = JSON.parse(readFileSync(new URL("../../../templates/words.json", import.meta.url), "utf8"));

use(words);
const catalog = await python.catalog();
useSkips(catalog.skips);
useSettings(catalog);

/** The text with ordinary spaces, as one types it. */
export const plain = (text) => text.replaceAll("\u00a0", " ");
