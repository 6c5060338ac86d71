// What one setting asks of the others: a depth its network can have, data its family can take, choices that go
// together, a batch that its data fill.
import { choicesOf, unmet } from "#logic/choices.js";
import { dataOf, keptOf, nameOf, resizeOf } from "#logic/data.js";
import { fitting } from "#logic/changes.js";
import { completed, fault, fieldAt, present } from "#logic/fields.js";

/**
 * The values after one of them was changed by hand: others moved where they must, and the parameters
 * of another choice at their defaults.
 *
 * @param {Record<string, *>} values with the change already in
 * @param {string} path what was changed
 * @param {{catalog: Json, table: Json[]}} known what can be chosen; the table of all settings
 * @param {Record<string, *>} before the values without the change
 * @returns {{values: Record<string, *>, moved: {path: string, because: string, words?: Json}[]}} `words` go into
 *   what is said of it
 */
export function reconcile(values, path, { catalog, table }, before = values) {
  const next = { ...values };
  const moved = [];
  const move = (field, value, because, words = null) => {
    if (next[field] === value) return;
    next[field] = value;
    moved.push({ path: field, because, ...(words && { words }) });
  };
  const family = () => catalog.families.find(({ name }) => name === next["net.family"]);
  const data = () => dataOf(next, catalog);

  if (path === "data" && !family().takes.includes(data().kind)) {
    const able = catalog.families.find(({ takes }) => takes.includes(data().kind));
    if (able) move("net.family", able.name, "data");
  }
  const size = sizeFor(next, catalog, path === "data");
  if (size !== (next["data.resize"] ?? null)) move("data.resize", size, size === null ? "own" : "data");
  const over = path === "data" ? overfull(next, catalog) : null;
  if (over) move("batch_size", over.most, "data");
  if (path === "net.family" && !family().takes.includes(data().kind)) {
    const fits = catalog.data.find(({ kind }) => family().takes.includes(kind));
    if (fits) move("data", fits.name, "family");
  }
  const field = (name) => table.find((one) => one.path === name);
  if (path === "net.skip" && next.against === next["net.skip"]) {
    move("against", otherSkip(field("against"), next["net.skip"], before["net.skip"]), "skip");
  }
  if (path === "against" && next.against === next["net.skip"]) {
    move("net.skip", otherSkip(field("net.skip"), next.against, before.against), "skip");
  }
  const groups = groupsFor(next, { catalog, table });
  if (groups === null && path !== "net.norm") move("net.norm", field("net.norm").default, "width");
  else if (groups && path !== GROUPS && groups !== completed(table, next)[GROUPS]) move(GROUPS, groups, "width");
  const { values: fit, gone } = fitted(next, { catalog, table }, path);
  for (const { field: asking, choice, need } of gone) {
    move(asking.path, fit[asking.path], "need", { title: choice.title, why: need.why });
  }
  const depth = depthOf(next, table);
  if (depth !== depthOf(before, table)) {
    const because = next["net.family"] === before["net.family"] ? "branch" : "family";
    move("net.depth", nearestDepth(depth, next["net.depth"]), because);
  }
  if (next["evaluate.statistics"] === "augmented") {
    if (!normOf(next, catalog)?.ties) move("evaluate.statistics", "plain", "norm");
    else if (!next["data.augment"]) move("evaluate.statistics", "plain", "augment");
  }
  if (next.changes?.length) next.changes = fitting(next.changes, completed(table, next), catalog.live);
  // What made way keeps what it shares with its successor; another skip has its own parameters.
  const kept = moved.filter(({ because }) => because !== "skip").map((one) => one.path);
  return { values: completed(table, pruned(next, before, table, kept)), moved };
}

/** The entry of these values' normalisation: whether it `ties` the examples of a batch, or an example's `own` values. */
export const normOf = (values, catalog) => catalog.norms.find(({ name }) => name === values["net.norm"]);

/** How many numbers a norm needs at once, so that it leaves something: one of a channel with pixels, else two. */
export const leastFor = (values, catalog) =>
  normOf(values, catalog)?.own && !catalog.families.find(({ name }) => name === values["net.family"])?.pixels ? 2 : 1;

/** The rule of the depth that a network with these values can have. */
const depthOf = (values, table) => fieldAt(table, completed(table, values), "net.depth");

/** Choices that ask for something that the others are not: the field, its choice, and the first such need. */
export function misfits(values, { catalog, table }) {
  return present(table, values).flatMap((field) => {
    if (field.kind !== "choice") return [];
    const choice = choicesOf(field, catalog).find(({ name }) => name === values[field.path]);
    const need = choice && unmet(field, choice, values);
    return need ? [{ field, choice, need }] : [];
  });
}

/**
 * The values where every choice that asks for what the others are not is the default, but for the one at `path`;
 * and those that are `gone`. As models/spec.py, which leaves the parameters that both have as they were.
 */
export function fitted(values, known, path = "") {
  let fit = values;
  const gone = [];
  for (;;) {
    const others = misfits(fit, known).filter(({ field }) => field.path !== path && fit[field.path] !== field.default);
    if (!others.length) return { values: fit, gone };
    gone.push(...others);
    fit = { ...fit, ...Object.fromEntries(others.map(({ field }) => [field.path, field.default])) };
  }
}

const GROUPS = "net.norm.groups";

/**
 * The number of groups nearest to these values' that divides their width; undefined where nothing is to be divided,
 * null where the width is too small for the norm.
 */
export function groupsFor(values, { catalog, table }) {
  const width = values["net.width"];
  if (fault(fieldAt(table, values, "net.width"), width)) return undefined;
  const least = leastFor(values, catalog);
  const field = fieldAt(table, completed(table, values), GROUPS);
  if (!field) return width < least ? null : undefined;
  const { minimum, maximum } = field;
  const wanted = completed(table, values)[GROUPS];
  const all = Array.from({ length: Math.min(width / least, maximum) }, (_, i) => i + 1);
  const fit = all.filter((groups) => groups >= minimum && width % groups === 0);
  return fit.length ? fit.reduce((best, groups) => (apart(groups) < apart(best) ? groups : best)) : null;

  function apart(groups) {
    return Math.abs(groups - wanted);
  }
}

/**
 * What images are brought to: nobody's but one's own, and those that can't be used as they are
 * always. Others are left as they are where they were `chosen` just now.
 */
function sizeFor(values, catalog, chosen) {
  const size = resizeOf(values);
  if (!nameOf(values).startsWith("folder:")) return null;
  const usual = dataOf(values, catalog).resize ?? null;
  return usual === null && chosen ? null : (size ?? usual);
}

/** The values without the parameters of a choice that was made before and is no longer; `kept` stay. */
function pruned(values, before, table, kept) {
  const other = ({ path, when }) =>
    !kept.includes(path) &&
    Object.keys(when).some(
      (choice) => path.startsWith(`${choice}.`) && before[choice] !== values[choice] && !kept.includes(choice),
    );
  const gone = new Set(table.filter(other).map(({ path }) => path));
  return Object.fromEntries(Object.entries(values).filter(([path]) => !gone.has(path)));
}

/**
 * The batch of these values, and the largest that their training examples fill, where it is larger
 * than that: {batch, most}, else null; null too where it is not known how many there are.
 */
export function overfull(values, catalog) {
  const most = keptOf(values, dataOf(values, catalog));
  const legal = Number.isInteger(most) && most > 0; // a limit may be anything that was typed
  return legal && values.batch_size > most ? { batch: values.batch_size, most } : null;
}

/** The legal depth nearest to one that may not be; the smaller of two as near. */
export function nearestDepth({ minimum: low, maximum: high, step }, depth) {
  if (!Number.isFinite(depth)) return low;
  const steps = Math.ceil((depth - low) / step - 0.5);
  return Math.min(high, Math.max(low, low + steps * step));
}

function otherSkip(/** @type {Json} */ { choices, default: usual }, taken, wanted) {
  return [wanted, usual, ...choices].find((one) => one && one !== taken);
}
