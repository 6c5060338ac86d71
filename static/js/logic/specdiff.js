// The settings in which configurations differ, for legends.
import { differing, flatten, same } from "#logic/spec.js";

/** Paths in the order in which a person wants to hear of them. */
const ORDER = [
  "net.skip",
  "net.family",
  "net.depth",
  "net.width",
  "net.norm",
  "net.activation",
  "net.init",
  "net.branch",
  "net.placement",
  "net.tail",
  "net.downsample",
  "data",
  "data.limit",
  "data.shuffle",
  "optimizer",
  "optimizer.lr",
];
const LAST = ["seed", "seeds", "device", "every", "evaluate.every", "evaluate.limit", "evaluate.samples", "evaluate.statistics", "measures"];

/**
 * A RunSpec as a flat {path: value}, without what is set to nothing. A choice by its bare name has
 * the parameters of `usual`, a flat {path: value}, so that it is the same as one with these written out.
 */
export const flat = (spec, usual = {}) => set({ ...usual, ...flatten(spec) });

/** A flat {path: value} without what is set to nothing. */
export function set(values) {
  const something = ([, value]) => value !== null && !(Array.isArray(value) && !value.length);
  return Object.fromEntries(Object.entries(values).filter(something));
}

/** Paths sorted for reading: what a network is, then how it was trained, then the seed. */
export function sorted(paths) {
  const rank = (path) => {
    if (ORDER.includes(path)) return ORDER.indexOf(path);
    const choice = ORDER.find((one) => path.startsWith(`${one}.`));
    // Other parameters of a choice come after those that are named above.
    if (choice) return ORDER.findLastIndex((one) => one === choice || one.startsWith(`${choice}.`)) + 0.5;
    return LAST.includes(path) ? 1000 + LAST.indexOf(path) : 500;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * A label for each spec: what sets it apart from the others, in words.
 *
 * `wordsOf(path, value)` puts one setting in words; a value of undefined is one that is not set.
 * Where a choice differs, such as the optimizer, what each does by default goes without saying:
 * `usual(spec)` has the default of every setting of the spec, by path. Specs that are alike are told apart by their number.
 * Of more than `most` differences the first are said, and how many more there are, where that tells
 * the specs apart as well as all of them would.
 *
 * @param {Json[]} specs
 * @param {(path: string, value: any) => string} wordsOf
 * @param {(spec: Json) => Record<string, *>} usual
 */
export function labels(specs, wordsOf, usual = () => ({}), most = Infinity) {
  const all = specs.map((spec) => flat(spec, usual(spec)));
  const paths = sorted(differing(...all));
  const phrases = all.map((settings, index) => {
    const defaults = usual(specs[index]);
    const choices = paths.filter((path) => path !== "data"); // all data have the same settings
    const quiet = (path) =>
      choices.some((choice) => path.startsWith(`${choice}.`)) && same(settings[path], defaults[path]);
    return paths.filter((path) => !quiet(path)).map((path) => wordsOf(path, settings[path])).filter(Boolean);
  });
  const drafts = shortest(phrases, most, wordsOf);
  return drafts.map((draft, index) => {
    if (draft && drafts.indexOf(draft) === drafts.lastIndexOf(draft)) return draft;
    return draft ? `${draft} (${index + 1})` : `${index + 1}`;
  });
}

/** Lists of words as texts, cut to so many words, or to as many more as keep the texts apart. */
function shortest(phrases, most, wordsOf) {
  const whole = phrases.map((parts) => parts.join(", "));
  const longest = Math.max(0, ...phrases.map((parts) => parts.length));
  for (let n = most; n < longest - 1; n += 1) {
    // One that is left out takes no less room than its number.
    const cut = phrases.map((parts) =>
      (parts.length > n + 1 ? [...parts.slice(0, n), wordsOf("more", parts.length - n)] : parts).join(", "),
    );
    if (new Set(cut).size === new Set(whole).size) return cut;
  }
  return whole;
}

/** The settings of a spec that are not those of a flat {path: value}, as [path, value] pairs. */
export function settingsBeside(spec, other) {
  const mine = flat(spec);
  return sorted(Object.keys(mine))
    .filter((path) => !same(mine[path], other[path]))
    .map((path) => [path, mine[path]]);
}
