// A sweep: one field against the error, with every skip at every seed. The depth page edits a
// plan {field, values, skips, seeds, base}; the server takes a StudySpec.
import { dataOf, keptOf, lackOf, nameOf } from "#logic/data.js";
import { completed, fault, fieldAt, fieldsOf } from "#logic/fields.js";
import { fitted, groupsFor, leastFor, misfits, normOf, reconcile } from "#logic/reconcile.js";
import { flatten, skipOf } from "#logic/spec.js";

export const DEPTH = "net.depth";

/** Values worth offering for each field; what the field can't take is left out of the offer. */
const OFFERS = {
  "net.depth": [4, 8, 16, 20, 32, 44, 56, 64, 110],
  "optimizer.lr": [0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  "optimizer.momentum": [0, 0.5, 0.8, 0.9, 0.95, 0.99],
  "optimizer.weight_decay": [0, 0.00001, 0.0001, 0.001, 0.01],
  "optimizer.beta1": [0, 0.5, 0.8, 0.9, 0.95, 0.99],
  "optimizer.beta2": [0.5, 0.9, 0.95, 0.99, 0.999],
  "data.limit": [50, 100, 200, 400, 800, 1600, 6400],
  "data.label_noise": [0, 0.05, 0.1, 0.2, 0.4, 0.8],
  "data.resize": [8, 16, 32, 64],
  batch_size: [8, 16, 32, 64, 128, 256],
  steps: [25, 50, 100, 200, 400, 800],
  "net.width": [4, 8, 16, 32, 64],
  seed: [0, 1, 2],
};

/** What is swept when a person first picks a field. */
const STARTS = {
  "net.depth": [8, 20, 56],
  "optimizer.lr": [0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
  "optimizer.momentum": [0, 0.5, 0.9],
  "optimizer.weight_decay": [0, 0.0001, 0.001, 0.01],
  "optimizer.beta1": [0, 0.5, 0.9],
  "optimizer.beta2": [0.9, 0.99, 0.999],
  "data.limit": [100, 400, 1600],
  "data.label_noise": [0, 0.1, 0.2, 0.4],
  "data.resize": [16, 32],
  batch_size: [16, 64, 256],
  steps: [50, 100, 200, 400],
  "net.width": [4, 8, 16],
};

/** The study the server is asked for. */
export function toStudy({ field, values, skips, seeds, base }) {
  return field === DEPTH
    ? { study: "depth", base, depths: values, skips, seeds }
    : { study: "sweep", base, field, values, skips, seeds };
}

/** The plan behind a depth or sweep study's spec. */
export function fromStudy(spec) {
  const depth = spec.study === "depth";
  return {
    field: depth ? DEPTH : spec.field,
    values: [...(depth ? spec.depths : spec.values)],
    skips: [...spec.skips],
    seeds: [...spec.seeds],
    base: spec.base,
  };
}

/** The value at a dotted path of a RunSpec: of a choice its name. */
export const valueAt = (spec, path) => flatten(spec)[path];

/** How many networks a plan trains. */
export function runCount({ values, skips, seeds }) {
  return values.length * skips.length * seeds.length;
}

/**
 * What a field may take: its entry in the table of logic/fields.js, narrowed to this base. Null where
 * the base has no such field: Adam has no momentum. A choice must go with each of the `skips`.
 */
export function ruleFor(field, base, catalog, skips = [skipOf(base)]) {
  const table = fieldsOf(catalog);
  const values = completed(table, flatten(base));
  const known = fieldAt(table, values, field);
  if (!known) return null;
  const data = dataOf(base, catalog);
  switch (field) {
    case "batch_size":
      return { ...known, ...batches(base, values, known, catalog) };
    case "data.limit":
      return { ...known, nullable: false, minimum: values.batch_size, maximum: data.train_size ?? known.maximum };
    case "data.label_noise":
      return data.task === "regression" ? null : known;
    case "data.resize":
      return nameOf(base).startsWith("folder:") ? { ...known, nullable: false } : null;
    case "net.width":
      return { ...known, ...widths(values, catalog) };
    default:
      return known.kind === "choice" ? { ...known, choices: fitting(known, values, skips, { catalog, table }) } : known;
  }
}

/** The choices that need no other setting changed, nor make way, at any skip; all where the others do not fit themselves. */
function fitting({ path, choices }, values, skips, known) {
  const fit = choices.filter((choice) => {
    const wanted = { ...values, [path]: choice };
    if (misfits(wanted, known).length) return false;
    const { values: next, moved } = reconcile(wanted, path, known, values);
    const stays = (skip) => fitted({ ...next, "net.skip": skip }, known).values[path] === choice;
    const fills = next.batch_size > 1 || !normOf(next, known.catalog)?.ties;
    const wide = groupsFor(next, known) !== null;
    return !moved.length && wide && fills && skips.every(stays);
  });
  return fit.length ? fit : choices;
}

/** A width is made of its norm's groups; where there are no pixels, a norm needs several channels at once. */
function widths(values, catalog) {
  const groups = values["net.norm.groups"] ?? 1;
  return { minimum: leastFor(values, catalog) * groups, step: groups };
}

/** A batch is drawn from the training set, and batch normalisation needs two examples. */
function batches(base, values, { maximum }, catalog) {
  const kept = keptOf(base, dataOf(base, catalog)) ?? maximum;
  return { minimum: normOf(values, catalog)?.ties ? 2 : 1, maximum: Math.min(maximum, kept) };
}

/** Whether a rule allows a value. */
export function allows(rule, value) {
  if (fault(rule, value) !== null) return false;
  return rule.kind !== "integer" || (value - (rule.minimum ?? 0)) % rule.step === 0;
}

/** The one or two legal values of a number's rule that enclose `value`, smaller first. */
export function nearest(rule, value) {
  const { minimum: low, maximum: high, step } = rule;
  if (value <= low) return [low];
  if (value >= high) return [high];
  const below = low + Math.floor((value - low) / step) * step;
  return below === value ? [below] : [below, below + step];
}

/** Numbers rising, names in the order their rule lists them; each once. */
export function ordered(values, rule) {
  const each = [...new Set(values)];
  return rule.choices.length
    ? each.sort((a, b) => rule.choices.indexOf(a) - rule.choices.indexOf(b))
    : each.sort((a, b) => a - b);
}

/** What to offer for a field: the usual values its rule allows, and what is chosen already. */
export function offers(field, rule, chosen) {
  const usual = rule.choices.length ? rule.choices : (OFFERS[field] ?? []);
  return ordered([...usual.filter((value) => allows(rule, value)), ...chosen], rule);
}

/** What to sweep at first in a field: a few legal values that show something. */
export function starts(field, rule) {
  const fit = (rule.choices.length ? rule.choices : (STARTS[field] ?? [])).filter((value) => allows(rule, value));
  return fit.length ? fit : [rule.minimum];
}

/**
 * The plan moved to another field. A depth sweep hands its deepest depth on: that is where
 * another field is worth asking about. One seed is enough for a first look.
 */
export function moved(plan, field, catalog) {
  if (field === plan.field) return plan;
  const base = structuredClone(plan.base);
  if (plan.field === DEPTH) base.net.depth = Math.max(...plan.values);
  const values = starts(field, ruleFor(field, base, catalog, plan.skips));
  return { ...plan, field, base, values, seeds: field === DEPTH ? [0, 1, 2] : [0] };
}

/**
 * The plan with its base replaced: numbers that can't be any more become the nearest that can, choices go.
 */
export function rebased(plan, base, catalog) {
  const rule = ruleFor(plan.field, base, catalog, plan.skips);
  if (rule === null) return moved({ ...plan, base }, DEPTH, catalog);
  const near = (value) => (rule.choices.length ? [] : nearest(rule, value).slice(-1));
  const fit = plan.values.flatMap((value) => (allows(rule, value) ? [value] : near(value)));
  return { ...plan, base, values: fit.length ? ordered(fit, rule) : starts(plan.field, rule) };
}

/**
 * What keeps a plan from training, empty where nothing does.
 *
 * @returns {Json[]} `{field, problem, ...}`
 */
export function faults(plan, catalog) {
  /** @type {Json[]} */
  const found = ["values", "skips", "seeds"]
    .filter((list) => plan[list].length === 0)
    .map((field) => ({ field, problem: "empty" }));
  const why = lackOf(plan.base, catalog);
  if (why) found.push({ field: "data", problem: "data", why });
  const rule = ruleFor(plan.field, plan.base, catalog, plan.skips);
  if (rule === null) return [...found, { field: "field", problem: "absent" }];
  const count = runCount(plan);
  const { most } = catalog;
  if (plan.values.length > most.values) {
    found.push({ field: "values", problem: "many", count: plan.values.length, allowed: most.values });
  } else if (count > most.runs) {
    found.push({ field: "values", problem: "runs", count, allowed: most.runs });
  }
  for (const value of plan.values.filter((one) => !allows(rule, one))) {
    found.push({ field: "values", problem: "illegal", value });
  }
  return found;
}
