// Names for runs and studies that would have the same one: the settings that differ, and the time.
import { flat, sorted } from "#logic/specdiff.js";
import { kindOf } from "#logic/filter.js";
import { settingWords, usualOf } from "#logic/specwords.js";
import { differing, same } from "#logic/spec.js";
import { fromStudy } from "#logic/sweep.js";
import { t } from "#logic/words.js";
import { clocks } from "#logic/timewords.js";

/**
 * For each entry, by its id: `differs`, the settings by which others of its name differ, in words and
 * without those at their default; `clock`, when it was asked for, as exactly as tells it from those
 * that say the same; and `called`, its name with both where others have the same.
 *
 * @param {Json[]} entries as the server lists them
 * @param {(entry: Json) => string} nameOf
 * @param {Json[]} table of a RunSpec, as of logic/fields.js
 * @param {number} now
 */
export function disambiguate(entries, nameOf, table, now) {
  const names = new Map();
  for (const [name, group] of gathered(entries, nameOf)) {
    const words = differences(group, table);
    for (const [differs, alike] of gathered(group, ({ id }) => words.get(id))) {
      const times = clocks(alike.map(({ created }) => created), now);
      alike.forEach(({ id }, i) => {
        const called = group.length > 1 ? [name, differs, times[i]].filter(Boolean).join(" · ") : name;
        names.set(id, { differs, clock: times[i], called });
      });
    }
  }
  return names;
}

/** The entries of each key, in their order. */
function gathered(entries, keyOf) {
  const groups = new Map();
  for (const entry of entries) groups.set(keyOf(entry), [...(groups.get(keyOf(entry)) ?? []), entry]);
  return groups;
}

/** What sets each entry of a group apart from the others and from what is usual, in words, by its id. */
function differences(group, table) {
  const settings = group.map((entry) => settingsOf(entry, table));
  const paths = sorted(differing(...settings));
  return new Map(
    group.map(({ id, spec }, i) => {
      const usual = usualOf(spec.base ?? spec, table);
      const unusual = paths.filter((path) => !same(settings[i][path], usual[path]));
      return [id, unusual.map((path) => sayOf(path, settings[i][path])).filter(Boolean).join(", ")];
    }),
  );
}

/** All that an entry was asked to do; of a sweep without what each of its runs has of its own. */
function settingsOf(entry, table) {
  const kind = kindOf(entry);
  const base = entry.spec.base ?? entry.spec;
  const settings = flat(base, usualOf(base, table));
  if (["run", "analysis", "twins"].includes(kind)) return settings;
  const { field, seeds } = fromStudy(entry.spec);
  const own = ["net.skip", "seed", field];
  return { ...Object.fromEntries(Object.entries(settings).filter(([path]) => !own.includes(path))), seeds };
}

const sayOf = (path, value) =>
  path === "seeds" ? t("charts.caption.seeds", { n: value.length, list: value.join(", ") }) : settingWords(path, value);
