// Skips as the catalogue tells of them, for whatever names, paints or draws one.

let known = new Map();

/** Use these entries of the catalogue from now on. */
export function use(skips) {
  known = new Map(skips.map((skip) => [skip.name, skip]));
}

/**
 * The entry of a skip.
 *
 * @returns {Json}
 * @throws {Error} at a name that the catalogue does not have
 */
export function skipAt(name) {
  if (!known.has(name)) throw new Error(`There is no skip ${name}.`);
  return known.get(name);
}

/** What a network of this skip is called on every page: "plain", "residual", "ReZero". */
export const skipName = (name) => skipAt(name).called;

/** Whether a network of this skip has nothing beside its branches. */
export const isPlain = (name) => skipAt(name).drawing === "";

/** The skip of plain networks. */
export const plain = () => [...known.keys()].find(isPlain);
