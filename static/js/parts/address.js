// What the Lab's address names: settings, and the pair if one is shown.
import { complete, nearestPreset } from "#logic/lab.js";
import { parse, write } from "#logic/link.js";

/** Reads and writes the address of a page with these presets and this table of fields. */
export function addressOf({ presets }, table) {
  return {
    /**
     * What the address names, the first preset if it names no settings.
     *
     * @returns {{values: Json, preset: string, study: string | null, problems: Json[]}}
     */
    read() {
      const { given, values: read, study, problems } = parse(window.location.search, table);
      const values = given ? read : complete(presets[0].spec, table);
      return { values, preset: nearestPreset(values, presets, table).name, study, problems };
    },

    /** Hold settings and what is shown, as of logic/link.js write(); `entry` makes a step of Back. */
    hold(values, shown, { entry = false } = {}) {
      const link = write(values, table, shown);
      const turned = entry && link !== window.location.search;
      window.history[turned ? "pushState" : "replaceState"](null, "", link || window.location.pathname);
    },
  };
}
