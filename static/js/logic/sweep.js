// A sweep: one field against the error, with every skip at every seed. The depth page edits a
// plan {field, values, skips, seeds, base}; the server takes a StudySpec.
import { dataOf, keptOf, lackOf, nameOf } from "./data.js";
import { fault, fieldsOf, present } from "./fields.js";
import { flatten } from "./spec.js";

export const DEPTH = "net.depth";
export const MAX_RUNS = 200;
export const MAX_VALUES = 20;

/** Values worth offering for each field; what the field can't take is left out of the offer. */
const OFFERS = {
  "net.depth": [4, 8, 16, 20, 32, 44, 56, 64, 110],
  "optimizer.lr": [0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  "optimizer.momentum": [0, 0.5, 0.8, 0.9, 0.95, 0.99],
  "optimizer.weight_decay": [0, 0.00001, 0.0001, 0.001, 0.01],
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

/** The value at a dotted path of a RunSpec. */
export function valueAt(spec, path) {
  return path.split(".").reduce((value, part) => value?.[part], spec);
}

/** How many networks a plan trains. */
export function runCount({ values, skips, seeds }) {
  return values.length * skips.length * seeds.length;
}

/**
 * What a field may take: its entry in the table of logic/fields.js, narrowed to this base.
 *
 * `step` is given where only every so many numbers are legal. Null where the base has no such
 * field: Adam has no momentum.
 */
export function ruleFor(field, base, catalog) {
  const known = present(fieldsOf(catalog), flatten(base)).find(({ path }) => path === field);
  if (!known) return null;
  if (field === DEPTH) {
    return { ...known, ...catalog.families.find(({ name }) => name === base.net.family).depths };
  }
  return field === "batch_size" ? { ...known, ...batches(base, known, catalog) } : known;
}

/** A batch is drawn from the training set, and batch normalisation needs two examples. */
function batches(base, { max }, catalog) {
  const kept = keptOf(base, dataOf(base, catalog)) ?? max;
  return { min: base.net.norm === "batch" ? 2 : 1, max: Math.min(max, kept) };
}

/** Whether a rule allows a value. */
export function allows(rule, value) {
  if (fault(rule, value) !== null) return false;
  return rule.step === undefined || (value - rule.min) % rule.step === 0;
}

/** The one or two legal values of a number's rule that enclose `value`, smaller first. */
export function nearest(rule, value) {
  if (value <= rule.min) return [rule.min];
  if (value >= rule.max) return [rule.max];
  const step = rule.step ?? 1;
  const below = rule.min + Math.floor((value - rule.min) / step) * step;
  return below === value ? [below] : [below, below + step];
}

/** Numbers rising, names in the order their rule lists them; each once. */
export function ordered(values, rule) {
  const each = [...new Set(values)];
  return rule.choices
    ? each.sort((a, b) => rule.choices.indexOf(a) - rule.choices.indexOf(b))
    : each.sort((a, b) => a - b);
}

/** What to offer for a field: the usual values its rule allows, and what is chosen already. */
export function offers(field, rule, chosen) {
  const usual = rule.choices ?? OFFERS[field] ?? [];
  return ordered([...usual.filter((value) => allows(rule, value)), ...chosen], rule);
}

/** What to sweep at first in a field: a few legal values that show something. */
export function starts(field, rule) {
  const fit = (rule.choices ?? STARTS[field] ?? []).filter((value) => allows(rule, value));
  return fit.length ? fit : [rule.min];
}

/**
 * The plan moved to another field. A depth sweep hands its deepest depth on: that is where
 * another field is worth asking about. One seed is enough for a first look.
 */
export function moved(plan, field, catalog) {
  if (field === plan.field) return plan;
  const base = structuredClone(plan.base);
  if (plan.field === DEPTH) base.net.depth = Math.max(...plan.values);
  const values = starts(field, ruleFor(field, base, catalog));
  return { ...plan, field, base, values, seeds: field === DEPTH ? [0, 1, 2] : [0] };
}

/** The plan with its base replaced: values the new base can't have become the nearest it can. */
export function rebased(plan, base, catalog) {
  const rule = ruleFor(plan.field, base, catalog);
  if (rule === null) return moved({ ...plan, base }, DEPTH, catalog);
  const fit = plan.values.map((value) => (allows(rule, value) ? value : near(rule, value)));
  return { ...plan, base, values: ordered(fit, rule) };
}

function near(rule, value) {
  return rule.choices ? rule.choices[0] : nearest(rule, value).at(-1);
}

/** What keeps a plan from training: a list of {field, problem, ...}, empty where nothing does. */
export function faults(plan, catalog) {
  const found = ["values", "skips", "seeds"]
    .filter((list) => plan[list].length === 0)
    .map((field) => ({ field, problem: "empty" }));
  const why = lackOf(nameOf(plan.base), catalog);
  if (why) found.push({ field: "data", problem: "data", why });
  const rule = ruleFor(plan.field, plan.base, catalog);
  if (rule === null) return [...found, { field: "field", problem: "absent" }];
  const count = runCount(plan);
  if (plan.values.length > MAX_VALUES) {
    found.push({ field: "values", problem: "many", count: plan.values.length, allowed: MAX_VALUES });
  } else if (count > MAX_RUNS) {
    found.push({ field: "values", problem: "runs", count, allowed: MAX_RUNS });
  }
  for (const value of plan.values.filter((one) => !allows(rule, one))) {
    found.push({ field: "values", problem: "illegal", value });
  }
  return found;
}
