// Configurations in a few words: what lists and legends say of a run.
import { settingsBeside } from "./differs.js";
import { divergence } from "./divergence.js";
import { defaultsOf } from "./fields.js";
import { percent, plain } from "./format.js";
import { nest } from "./spec.js";
import { DEPTH, fromStudy } from "./sweep.js";
import { has, t } from "./words.js";

/** Whether two specs mean the same: settings left at nothing do not count. */
const alike = (spec, other) => settingsBeside(spec, other).length + settingsBeside(other, spec).length === 0;

/** One setting in words: "20 layers", "plain", "lr 0.1". One that is not set has few words or none. */
export function say(path, value) {
  const key = `runs.short.${path}`;
  if (value === undefined || value === null) {
    return has(`runs.unset.${path}`) ? t(`runs.unset.${path}`) : "";
  }
  if (typeof value !== "number" && has(`${key}.${value}`)) return t(`${key}.${value}`);
  if (has(key)) return t(key, { value, percent: percent(value) });
  return typeof value === "string" ? value : `${path} ${value}`;
}

/** What a network of this skip is called on every page: "plain", "residual", or by its skip. */
export function skipName(skip) {
  return say("net.skip", skip);
}

/**
 * How a network of this skip is painted on every page: colour, dash and marker.
 *
 * @returns {"plain" | "residual" | "other"}
 */
export function roleOf(skip) {
  return { none: "plain", identity: "residual" }[skip] ?? "other";
}

/**
 * Everything at its default, for the optimizer that a spec has: 0.001 is no unusual rate for Adam.
 *
 * @param {object[]} table as of logic/fields.js
 */
export function usualOf(spec, table) {
  return { version: 1, ...nest(defaultsOf(table, { "optimizer.name": spec.optimizer.name })) };
}

const LOOKING = /^(every|evaluate)\b/; // how a run is watched, not what it is

/** What a spec sets apart from the defaults, in words, without the paths in `but`. */
function unusual(spec, table, but) {
  const usual = usualOf(spec, table);
  const named = spec.optimizer.name !== table.find(({ path }) => path === "optimizer.name").default;
  return [
    ...(named ? [say("optimizer.name", spec.optimizer.name)] : []),
    ...settingsBeside(spec, usual)
      .filter(([path]) => !["net.family", "net.depth", "net.skip", ...but].includes(path))
      .filter(([path]) => !LOOKING.test(path))
      .map(([path, value]) => say(path, value)),
  ];
}

/** A run in a few words: its kind and depth, and whatever is not the default. */
export function runWords(spec, table, but = []) {
  return [
    `${skipName(spec.net.skip)} ${say("net.family", spec.net.family)}`,
    say("net.depth", spec.net.depth),
    ...unusual(spec, table, but),
  ].join(", ");
}

/**
 * A study or a single run in a few words.
 *
 * @param {object} entry as the server lists it
 * @param {object[]} presets the catalog's
 * @param {object[]} table of a RunSpec, as of logic/fields.js
 */
export function entryWords(entry, presets, table) {
  if (!entry.runs) return runWords(entry.spec, table);
  if (entry.study === "twins") return twinsWords(entry.spec, presets, table);
  return planWords(fromStudy(entry.spec), table);
}

/** A sweep in a few words: what is swept, with which networks, and whatever is not the default. */
export function planWords({ base, field, values, skips, seeds }, table) {
  const name = has(`depth.fields.${field}.name`) ? t(`depth.fields.${field}.name`) : field;
  return [
    `${name} ${values.map((value) => (typeof value === "string" ? say(field, value) : value)).join(", ")}`,
    skips.map(skipName).join(" + "),
    field === DEPTH
      ? say("net.family", base.net.family)
      : `${say("net.family", base.net.family)} ${say("net.depth", base.net.depth)}`,
    ...unusual(base, table, ["seed", field]),
    t("runs.entry.seeds", { n: seeds.length }),
  ].join(" · ");
}

function twinsWords({ base, against }, presets, table) {
  const preset = presets.find(
    ({ spec }) => spec.against === against && alike({ ...spec.base, seed: base.seed }, base),
  );
  const pair = t("runs.entry.twins", { first: skipName(against), second: skipName(base.net.skip) });
  const seed = base.seed ? [say("seed", base.seed)] : [];
  if (preset) return [preset.title, pair, ...seed].join(" · ");
  return [
    `${say("net.family", base.net.family)} ${say("net.depth", base.net.depth)}`,
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
