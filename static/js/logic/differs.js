// What sets configurations apart, so that a legend says only that.
import { differing, flatten, same } from "./spec.js";

/** Paths in the order in which a person wants to hear of them. */
const ORDER = [
  "net.skip",
  "net.family",
  "net.depth",
  "net.width",
  "net.norm",
  "net.activation",
  "net.init",
  "net.block",
  "net.downsample",
  "data.name",
  "data.limit",
  "data.shuffle",
  "optimizer.name",
  "optimizer.lr",
];
const LAST = ["seed", "device", "every", "evaluate.every", "evaluate.limit", "evaluate.samples"];

/**
 * A RunSpec as a flat {path: value}, without what is set to nothing. A choice by its bare name has
 * the parameters of `usual`, so that it is the same as one with these written out.
 */
export function flat(spec, usual = {}) {
  const whole = Object.entries({ ...flatten(usual), ...flatten(spec) });
  const set = whole.filter(([, value]) => value !== null && !(Array.isArray(value) && !value.length));
  return Object.fromEntries(set);
}

/** Paths sorted for reading: what a network is, then how it was trained, then the seed. */
export function sorted(paths) {
  const rank = (path) => {
    if (ORDER.includes(path)) return ORDER.indexOf(path);
    return LAST.includes(path) ? 1000 + LAST.indexOf(path) : 500;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * A label for each spec: what sets it apart from the others, in words.
 *
 * `say(path, value)` puts one setting in words; a value of undefined is one that is not set.
 * Where optimizers differ, what each does by default goes without saying: `usual(spec)` is the
 * same spec with everything at its default. Specs that are alike are told apart by their number.
 */
export function labels(specs, say, usual = () => ({})) {
  const all = specs.map((spec) => flat(spec, usual(spec)));
  const paths = sorted(differing(...all));
  const mixed = paths.includes("optimizer.name");
  const drafts = all.map((settings, index) => {
    const defaults = flat(usual(specs[index]));
    const quiet = (path) =>
      mixed && path.startsWith("optimizer.") && path !== "optimizer.name" &&
      same(settings[path], defaults[path]);
    return paths.filter((path) => !quiet(path)).map((path) => say(path, settings[path])).filter(Boolean).join(", ");
  });
  return drafts.map((draft, index) => {
    if (draft && drafts.indexOf(draft) === drafts.lastIndexOf(draft)) return draft;
    return draft ? `${draft} (${index + 1})` : `${index + 1}`;
  });
}

/** The settings of a spec that are not those of another, as [path, value] pairs. */
export function settingsBeside(spec, other) {
  const [mine, theirs] = [flat(spec), flat(other)];
  return sorted(Object.keys(mine))
    .filter((path) => !same(mine[path], theirs[path]))
    .map((path) => [path, mine[path]]);
}
