// What one setting asks of the others: a depth its family can have, data its family can take, a batch that its data fill.
import { dataOf, keptOf } from "./data.js";

/**
 * The values after one of them was changed by hand, with the others moved where they must.
 *
 * @param {Record<string, *>} values with the change already in
 * @param {string} path what was changed
 * @param {object} catalog
 * @param {Record<string, *>} before the values without the change
 * @returns {{values: Record<string, *>, moved: {path: string, because: string}[]}}
 */
export function settle(values, path, catalog, before = values) {
  const next = { ...values };
  const moved = [];
  const move = (field, value, because) => {
    if (next[field] === value) return;
    next[field] = value;
    moved.push({ path: field, because });
  };
  const family = () => catalog.families.find(({ name }) => name === next["net.family"]);
  const data = () => dataOf(next, catalog);

  if (path === "data.name" && !family().takes.includes(data().kind)) {
    const able = catalog.families.find(({ takes }) => takes.includes(data().kind));
    if (able) move("net.family", able.name, "data");
  }
  const over = path === "data.name" ? overfull(next, catalog) : null;
  if (over) move("batch_size", over.most, "data");
  if (path === "net.family" && !family().takes.includes(data().kind)) {
    const fits = catalog.data.find(({ kind }) => family().takes.includes(kind));
    if (fits) move("data.name", fits.name, "family");
  }
  if (path === "net.family" || moved.some((change) => change.path === "net.family")) {
    move("net.depth", nearestDepth(family().depths, next["net.depth"]), "family");
  }
  if (path === "net.skip" && next.against === next["net.skip"]) {
    move("against", otherSkip(catalog, next["net.skip"], before["net.skip"]), "skip");
  }
  if (path === "against" && next.against === next["net.skip"]) {
    move("net.skip", otherSkip(catalog, next.against, before.against), "against");
  }
  return { values: next, moved };
}

/** The values without the parameters of a choice that was made before and is no longer. */
export function pruned(values, before, table) {
  const made = ({ when }) => !when || before[when.path] === values[when.path];
  return Object.fromEntries(
    Object.entries(values).filter(([path]) => table.some((field) => field.path === path && made(field))),
  );
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
export function nearestDepth({ min, max, step }, depth) {
  if (!Number.isFinite(depth)) return min;
  const steps = Math.ceil((depth - min) / step - 0.5);
  return Math.min(max, Math.max(min, min + steps * step));
}

function otherSkip(catalog, taken, wanted) {
  if (wanted && wanted !== taken) return wanted;
  const plainOrIdentity = taken === "none" ? "identity" : "none";
  return catalog.skips.some(({ name }) => name === plainOrIdentity)
    ? plainOrIdentity
    : catalog.skips.find(({ name }) => name !== taken).name;
}
