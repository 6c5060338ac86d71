/**
 * A sweep: one field against the error, with every skip at every seed.
 *
 * The depth page edits a plan {field, values, skips, seeds, base}; the server takes a StudySpec.
 * Pure: no page, no network.
 */

export const DEPTH = 'net.depth';
export const MAX_RUNS = 200;
export const MAX_VALUES = 20;

/** Values worth offering for each field; what the field can't take is left out of the offer. */
const OFFERS = {
  'net.depth': [4, 8, 14, 16, 20, 32, 44, 56, 64, 80, 110, 128],
  'optimizer.lr': [0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  'optimizer.momentum': [0, 0.5, 0.8, 0.9, 0.95, 0.99],
  'optimizer.weight_decay': [0, 0.00001, 0.0001, 0.001, 0.01],
  batch_size: [8, 16, 32, 64, 128, 256],
  steps: [25, 50, 100, 200, 400, 800],
  'net.width': [4, 8, 16, 32, 64],
  seed: [0, 1, 2, 3, 4],
};

/** What is swept when a person first picks a field. */
const STARTS = {
  'net.depth': [8, 20, 56],
  'optimizer.lr': [0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
  'optimizer.momentum': [0, 0.5, 0.9],
  'optimizer.weight_decay': [0, 0.0001, 0.001, 0.01],
  batch_size: [16, 64, 256],
  steps: [50, 100, 200, 400],
  'net.width': [4, 8, 16],
};

/** The study the server is asked for. */
export function toStudy({ field, values, skips, seeds, base }) {
  return field === DEPTH
    ? { study: 'depth', base, depths: values, skips, seeds }
    : { study: 'sweep', base, field, values, skips, seeds };
}

/** The plan behind a depth or sweep study's spec. */
export function fromStudy(spec) {
  const depth = spec.study === 'depth';
  return {
    field: depth ? DEPTH : spec.field,
    values: [...(depth ? spec.depths : spec.values)],
    skips: [...spec.skips],
    seeds: [...spec.seeds],
    base: spec.base,
  };
}

/** The value at a dotted path of a RunSpec; of a choice with parameters, its name. */
export function valueAt(spec, path) {
  let value = spec;
  for (const part of path.split('.')) value = value?.[part];
  return value !== null && typeof value === 'object' && 'name' in value ? value.name : value;
}

/** How many networks a plan trains. */
export function runCount({ values, skips, seeds }) {
  return values.length * skips.length * seeds.length;
}

/** The node of a JSON Schema that rules a dotted path, or null where there is none. */
export function schemaAt(schema, path, choice = {}) {
  let node = schema;
  for (const part of path.split('.')) {
    node = resolve(schema, node, choice);
    node = node?.properties?.[part];
    if (node === undefined) return null;
  }
  return resolve(schema, node, choice);
}

function resolve(schema, node, choice) {
  while (node) {
    if (node.$ref) {
      node = node.$ref
        .replace(/^#\//, '')
        .split('/')
        .reduce((at, key) => at?.[key], schema);
    } else if (node.discriminator && node.oneOf) {
      const wanted = choice[node.discriminator.propertyName];
      const ref = node.discriminator.mapping?.[wanted];
      node = ref ? { $ref: ref } : node.oneOf[0];
    } else if (node.anyOf) {
      node = node.anyOf.find((option) => option.type !== 'null') ?? null;
    } else {
      return node;
    }
  }
  return null;
}

/**
 * What a field may take: {kind: 'name', names} or {kind: 'number', min, max, step, whole, above,
 * below}, where `above` and `below` say that min and max themselves are not allowed.
 */
export function ruleFor(field, base, { schema, families }) {
  if (field === DEPTH) {
    const { min, max, step } = families.find(({ name }) => name === base.net.family).depths;
    return { kind: 'number', min, max, step, whole: true, above: false, below: false };
  }
  const node = schemaAt(schema, field, { name: base.optimizer.name });
  if (node?.enum) return { kind: 'name', names: [...node.enum] };
  if (!node) return null;
  const whole = node.type === 'integer';
  return {
    kind: 'number',
    min: node.minimum ?? node.exclusiveMinimum ?? -Infinity,
    max: node.maximum ?? node.exclusiveMaximum ?? Infinity,
    step: whole ? 1 : 0,
    whole,
    above: node.exclusiveMinimum !== undefined,
    below: node.exclusiveMaximum !== undefined,
  };
}

/** Whether a rule allows a value. */
export function allows(rule, value) {
  if (rule.kind === 'name') return rule.names.includes(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (rule.above ? value <= rule.min : value < rule.min) return false;
  if (rule.below ? value >= rule.max : value > rule.max) return false;
  if (rule.whole && !Number.isInteger(value)) return false;
  return !(rule.step > 1) || (value - rule.min) % rule.step === 0;
}

/** The one or two legal values of a stepped rule that enclose `value`, smaller first. */
export function nearest(rule, value) {
  if (value <= rule.min) return [rule.min];
  if (value >= rule.max) return [rule.max];
  const step = rule.step || 1;
  const below = rule.min + Math.floor((value - rule.min) / step) * step;
  return below === value ? [below] : [below, below + step];
}

/** Numbers rising, names in the order their rule lists them; each once. */
export function ordered(values, rule) {
  const each = [...new Set(values)];
  return rule?.kind === 'name'
    ? each.sort((a, b) => rule.names.indexOf(a) - rule.names.indexOf(b))
    : each.sort((a, b) => a - b);
}

/** What to offer for a field: the usual values its rule allows, and what is chosen already. */
export function offers(field, rule, chosen) {
  const usual = rule.kind === 'name' ? rule.names : (OFFERS[field] ?? []);
  return ordered([...usual.filter((value) => allows(rule, value)), ...chosen], rule);
}

/** What to sweep at first in a field: a few legal values that show something. */
export function starts(field, rule) {
  const usual = rule.kind === 'name' ? rule.names : (STARTS[field] ?? []);
  const fit = usual.filter((value) => allows(rule, value));
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
  const rule = ruleFor(field, base, catalog);
  return { ...plan, field, base, values: starts(field, rule), seeds: field === DEPTH ? [0, 1, 2] : [0] };
}

/** What keeps a plan from training: a list of {field, problem, ...}, empty where nothing does. */
export function faults(plan, catalog) {
  const found = [];
  const rule = ruleFor(plan.field, plan.base, catalog);
  for (const list of ['values', 'skips', 'seeds']) {
    if (plan[list].length === 0) found.push({ field: list, problem: 'empty' });
  }
  if (plan.values.length > MAX_VALUES) {
    found.push({ field: 'values', problem: 'many', allowed: MAX_VALUES });
  }
  for (const value of plan.values) {
    if (rule && !allows(rule, value)) found.push({ field: 'values', problem: 'illegal', value });
  }
  if (runCount(plan) > MAX_RUNS) {
    found.push({ field: 'values', problem: 'runs', count: runCount(plan), allowed: MAX_RUNS });
  }
  return found;
}
