// Configurations in a few words: what lists and legends say of a run.
import { settingsBeside } from "./differs.js";
import { has, t } from "./words.js";

/** Whether two specs mean the same: settings left at nothing do not count. */
const alike = (spec, other) => settingsBeside(spec, other).length + settingsBeside(other, spec).length === 0;

/** One setting in words: "20 layers", "plain", "lr 0.1". An unset one is said to be so. */
export function say(path, value) {
  const key = `runs.short.${path}`;
  if (value === undefined || value === null) return t("runs.short.unset", { name: path });
  if (typeof value === "string" && has(`${key}.${value}`)) return t(`${key}.${value}`);
  if (has(key)) return t(key, { value });
  return typeof value === "string" ? value : `${path} ${value}`;
}

/** What a skip makes of a network: "plain", "residual", or its own name. */
export function skipName(skip) {
  return say("net.skip", skip);
}

/** How a skip is painted on every page. */
export function roleOf(skip) {
  return { none: "plain", identity: "residual" }[skip] ?? "other";
}

/** A run in a few words: its kind and depth, and whatever is not the default. */
export function runWords(spec, defaults) {
  const rest = settingsBeside(spec, defaults).filter(
    ([path]) => !["net.family", "net.depth", "net.skip"].includes(path),
  );
  return [
    `${skipName(spec.net.skip)} ${say("net.family", spec.net.family)}`,
    say("net.depth", spec.net.depth),
    ...rest.map(([path, value]) => say(path, value)),
  ].join(", ");
}

/**
 * A study or a single run in a few words.
 *
 * @param {object} entry as the server lists it
 * @param {{presets: object[], defaults: object}} known the catalog's presets, a RunSpec of defaults
 */
export function entryWords(entry, { presets, defaults }) {
  if (!entry.runs) return runWords(entry.spec, defaults);
  if (entry.study === "twins") return twinsWords(entry.spec, { presets, defaults });
  const { base, field = "net.depth", skips, seeds } = entry.spec;
  const values = entry.spec.depths ?? entry.spec.values;
  const set = settingsBeside(base, defaults).filter(
    ([path]) => !["net.family", "net.depth", "net.skip", "seed", field].includes(path),
  );
  const name = has(`depth.fields.${field}.name`) ? t(`depth.fields.${field}.name`) : field;
  return [
    `${name} ${values.join(", ")}`,
    skips.map(skipName).join(" + "),
    field === "net.depth"
      ? say("net.family", base.net.family)
      : `${say("net.family", base.net.family)} ${say("net.depth", base.net.depth)}`,
    ...set.map(([path, value]) => say(path, value)),
    t("runs.entry.seeds", { n: seeds.length }),
  ].join(" · ");
}

function twinsWords({ base, against }, { presets, defaults }) {
  const preset = presets.find(
    ({ spec }) => spec.against === against && alike({ ...spec.base, seed: base.seed }, base),
  );
  const pair = t("runs.entry.twins", { first: skipName(against), second: skipName(base.net.skip) });
  const seed = base.seed ? [say("seed", base.seed)] : [];
  if (preset) return [preset.title, pair, ...seed].join(" · ");
  const set = settingsBeside(base, defaults).filter(
    ([path]) => !["net.family", "net.depth", "net.skip"].includes(path),
  );
  return [
    `${say("net.family", base.net.family)} ${say("net.depth", base.net.depth)}`,
    pair,
    ...set.map(([path, value]) => say(path, value)),
  ].join(" · ");
}

/** What came of one run, in words. `percent` writes a fraction. */
export function resultWords({ state, result, reason }, percent) {
  if (result?.diverged) return t("runs.entry.diverged", { step: result.step });
  if (state === "failed") return t("runs.entry.failed", { reason: reason ?? "" });
  if (!Number.isFinite(result?.train_error)) return t("runs.entry.unmeasured");
  return t("runs.entry.measured", {
    train: percent(result.train_error),
    test: percent(result.test_error),
  });
}
