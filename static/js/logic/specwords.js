// Configurations in a few words: what lists and legends say of a run.
import { flat, labels, set, settingsBeside } from "#logic/specdiff.js";
import { divergence } from "#logic/divergence.js";
import { titleOf } from "#logic/choices.js";
import { completed, present } from "#logic/fields.js";
import { percent, plain } from "#logic/format.js";
import { STRENGTH } from "#logic/changes.js";
import { skipName } from "#logic/skips.js";
import { ended } from "#logic/states.js";
import { placeName } from "#logic/strip.js";
import { flatten, skipOf } from "#logic/spec.js";
import { DEPTH, fromStudy } from "#logic/sweep.js";
import { has, t } from "#logic/words.js";

/** Whether two specs mean the same: settings left at nothing do not count. */
const alike = (spec, other) => settingsBeside(spec, flat(other)).length + settingsBeside(other, flat(spec)).length === 0;

let offered = { fields: [] };

/** Take the titles of settings that have no words of their own from this catalogue. */
export function use(catalog) {
  offered = catalog;
}

/** What a setting is called: "Learning rate". */
export const titleAt = (path) =>
  has(`depth.fields.${path}.name`) ? t(`depth.fields.${path}.name`) : (offered.fields.find((one) => one.path === path)?.title ?? path);

/** A title within a sentence. */
export const within = (title) => title.charAt(0).toLowerCase() + title.slice(1);

/** Live settings that were changed at one step: "lr 0.05, strength 0.5 in block 3". */
export function changeWords(set) {
  const one = ([path, value]) => {
    const [block] = /block\d+$/.exec(path) ?? [];
    if (block) return t("runs.short.strength_in", { value, block: placeName(block).toLowerCase() });
    return path === STRENGTH ? t("runs.short.strength", { value }) : settingWords(path, value);
  };
  return Object.entries(set).map(one).join(", ");
}

const CHANGES = 3; // that are named

function changesWords(changes) {
  const named = changes.slice(0, CHANGES).map(({ step, set }) => t("runs.short.changed", { what: changeWords(set), step }));
  const more = changes.length - named.length;
  return [...named, ...(more ? [t("runs.short.more", { value: more })] : [])].join(", ");
}

/** One setting in words: "20 layers", "plain", "lr 0.1". One that is not set has few words or none. */
export function settingWords(path, value) {
  const key = `runs.short.${path}`;
  if (value === undefined || value === null) {
    return has(`runs.unset.${path}`) ? t(`runs.unset.${path}`) : "";
  }
  if (path === "net.skip" || path === "against") return skipName(value);
  if (path === "data") return value;
  if (path === "changes") return changesWords(value);
  if (typeof value !== "number" && has(`${key}.${value}`)) return t(`${key}.${value}`);
  if (has(key)) return t(key, { value, percent: percent(value) });
  return t("runs.short.other", { title: within(titleAt(path)), value: titleOf(path, value, offered) });
}

/**
 * The default of every setting that a spec has, by path: 0.001 is no unusual rate for Adam.
 *
 * @param {Json[]} table as of logic/fields.js
 * @returns {Record<string, *>}
 */
export function usualOf(spec, table) {
  const fields = present(table, completed(table, flatten(spec)));
  return set(Object.fromEntries(fields.map((field) => [field.path, field.default])));
}

const NAMED = 3; // differences that the name of a line lists

/** What the lines of runs are called: by what sets each apart from the others, one alone by its skip. */
export function lineNames(specs, table) {
  if (specs.length === 1) return [skipName(skipOf(specs[0]))];
  return labels(specs, settingWords, (spec) => usualOf(spec, table), NAMED);
}

const LOOKING = /^(every|evaluate|measures)\b/; // how a run is watched, not what it is

/** What a spec sets apart from the defaults, in words, without the paths in `but`. */
function unusual(spec, table, but) {
  return settingsBeside(spec, usualOf(spec, table))
    .filter(([path]) => !["net.family", "net.depth", "net.skip", ...but].includes(path))
    .filter(([path]) => !LOOKING.test(path))
    .map(([path, value]) => settingWords(path, value));
}

/** A run in a few words: its kind and depth, and whatever is not the default. */
export function runWords(spec, table, but = []) {
  return [
    `${skipName(skipOf(spec))} ${settingWords("net.family", spec.net.family)}`,
    settingWords("net.depth", spec.net.depth),
    ...unusual(spec, table, but),
  ].join(", ");
}

/** How many steps a run's network was trained for, or that of an analysis; null where nobody knows. */
const doneOf = ({ analysis, step }) => (analysis ? (analysis.trained ?? null) : step);

/** What a network that was trained for fewer steps than planned is called beside its name; empty of others. */
function stoppedWords(run) {
  const done = doneOf(run);
  const over = run.analysis || ended(run.state);
  return over && done !== null && done < run.spec.steps ? t("runs.entry.stopped_after", { step: done, steps: run.spec.steps }) : "";
}

/** A run's configuration, or that of the network an analysis asks, without changes that never took effect. */
export function trainedSpec(run) {
  const { spec } = run;
  const done = doneOf(run);
  if (done === null || !spec.changes) return spec;
  return { ...spec, changes: spec.changes.filter(({ step }) => step <= done) };
}

/**
 * The network of a run, or that which an analysis asks, in a few words.
 *
 * @param {Json} run as the server lists it
 * @param {Json[]} table as of logic/fields.js
 */
export function networkWords(run, table) {
  const stopped = stoppedWords(run);
  return [runWords(trainedSpec(run), table, stopped ? ["steps"] : []), stopped].filter(Boolean).join(", ");
}

/** What the lines of these networks are called, as `lineNames` does of configurations. */
export function networkNames(runs, table) {
  const names = lineNames(runs.map(trainedSpec), table);
  return runs.map((run, i) => [names[i], stoppedWords(run)].filter(Boolean).join(", "));
}

/**
 * A study or a single run in a few words.
 *
 * @param {Json} entry as the server lists it
 * @param {Json[]} presets the catalog's
 * @param {Json[]} table of a RunSpec, as of logic/fields.js
 */
export function entryWords(entry, presets, table) {
  if (entry.analysis) return t("runs.entry.of", { analysis: t(`${entry.analysis.analysis}.title`), run: networkWords(entry, table) });
  if (!entry.runs) return runWords(entry.spec, table);
  if (entry.study === "twins") return twinsWords(entry.spec, presets, table);
  return planWords(fromStudy(entry.spec), table);
}

/** A sweep in a few words: what is swept, with which networks, and whatever is not the default. */
export function planWords({ base, field, values, skips, seeds }, table) {
  return [
    `${titleAt(field)} ${values.map((value) => (typeof value === "string" ? settingWords(field, value) : value)).join(", ")}`,
    skips.map(skipName).join(" + "),
    field === DEPTH
      ? settingWords("net.family", base.net.family)
      : `${settingWords("net.family", base.net.family)} ${settingWords("net.depth", base.net.depth)}`,
    ...unusual(base, table, ["seed", field]),
    t("runs.entry.seeds", { n: seeds.length }),
  ].join(" · ");
}

/** The preset that a pair is, whatever its seed. */
const presetOf = ({ base, against }, presets) =>
  presets.find(({ spec }) => spec.against === against && alike({ ...spec.base, seed: base.seed }, base));

/** What the name of an entry leaves out: the settings behind a preset's title. */
export function behindName({ study, runs, spec }, presets, table) {
  if (!runs || study !== "twins" || !presetOf(spec, presets)) return "";
  const { net } = spec.base;
  return [
    `${settingWords("net.family", net.family)} ${settingWords("net.depth", net.depth)}`,
    ...unusual(spec.base, table, ["seed"]),
  ].join(", ");
}

function twinsWords({ base, against }, presets, table) {
  const preset = presetOf({ base, against }, presets);
  const pair = t("runs.entry.twins", { first: skipName(against), second: skipName(skipOf(base)) });
  const seed = base.seed ? [settingWords("seed", base.seed)] : [];
  if (preset) return [preset.title, pair, ...seed].join(" · ");
  return [
    `${settingWords("net.family", base.net.family)} ${settingWords("net.depth", base.net.depth)}`,
    pair,
    ...unusual(base, table, []),
  ].join(" · ");
}

/** What came of one run, in words: its errors, or its losses where the task has no error. */
export function resultWords({ state, step, result, reason }) {
  if (result?.diverged) return t("runs.entry.diverged", { lost: divergence(result) });
  if (state === "failed") return t("runs.entry.failed", { reason: reason ?? "" });
  const kind = ["error", "loss"].find((one) => Number.isFinite(result?.[`train_${one}`]));
  if (!kind) return t("runs.entry.unmeasured");
  const write = kind === "error" ? percent : plain;
  const key = `measured${kind === "loss" ? "_loss" : ""}${result.evaluated === step ? "" : "_at"}`;
  return t(`runs.entry.${key}`, {
    train: write(result[`train_${kind}`]),
    test: write(result[`test_${kind}`]),
    step: result.evaluated,
  });
}

const MOST = 6; // values of a kind that a caption lists

const CAPTION = ["net.family", "net.skip", "net.depth", "data", "data.limit", "optimizer.lr", "batch_size", "steps"];

/** What else of a spec is not the default, for a caption: paths. */
function othersOf(spec, table) {
  return settingsBeside(spec, usualOf(spec, table))
    .map(([path]) => path)
    .filter((path) => path !== "seed" && !CAPTION.includes(path) && !LOOKING.test(path));
}

/**
 * What was trained, for the caption of an image: networks, depths, data, rate, steps, whatever else is
 * not the default, and seeds.
 *
 * @param {Json[]} specs
 * @param {Json[]} table as of logic/fields.js
 */
export function trainedWords(specs, table) {
  const settings = specs.map((spec) => flat(spec));
  const all = (path) => [...new Set(settings.map((one) => one[path]))].filter((value) => value !== undefined);
  const joined = (values) =>
    values.length > MOST ? t("charts.caption.range", { first: values[0], last: values.at(-1) }) : values.join(", ");
  const phrase = (path) => {
    const values = all(path);
    if (values.length === 0) return "";
    return values.every((value) => typeof value === "number")
      ? settingWords(path, values.length > 1 ? joined(values.sort((a, b) => a - b)) : values[0])
      : joined([...new Set(values.map((value) => settingWords(path, value)))]);
  };
  const others = new Set(specs.flatMap((spec) => othersOf(spec, table)));
  const seeds = all("seed").sort((a, b) => a - b);
  return [
    ...[...CAPTION, ...others].map(phrase),
    t("charts.caption.seeds", { n: seeds.length, list: joined(seeds) }),
  ].filter(Boolean);
}
