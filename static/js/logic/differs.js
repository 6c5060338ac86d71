/** What sets configurations apart, so that a legend says only that. Pure. */

/** Paths in the order in which a person wants to hear of them. */
const ORDER = [
  'net.family',
  'net.depth',
  'net.skip',
  'net.width',
  'net.norm',
  'net.activation',
  'net.init',
  'net.block',
  'net.downsample',
  'data',
  'data.limit',
  'data.shuffle',
  'optimizer',
  'optimizer.lr',
];
const LAST = ['seed', 'device', 'every', 'evaluate.every', 'evaluate.limit'];
/** What no person asks after when runs are compared. */
const SILENT = new Set(['version']);

/**
 * A RunSpec as a flat {path: value}. A choice with parameters is its name at its own path and
 * each parameter below it; a bare name and {"name": ...} are the same.
 */
export function flat(spec) {
  const found = {};
  const walk = (value, path) => {
    if (Array.isArray(value)) {
      if (value.length) found[path] = JSON.stringify(value);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, key === 'name' ? path : path ? `${path}.${key}` : key);
      }
    } else if (value !== null && value !== undefined && !SILENT.has(path)) {
      found[path] = value;
    }
  };
  walk(spec, '');
  if (found['data.shuffle'] === true) delete found['data.shuffle'];
  return found;
}

/** Paths sorted for reading: what a network is, then how it was trained, then the seed. */
export function sorted(paths) {
  const rank = (path) => {
    if (ORDER.includes(path)) return ORDER.indexOf(path);
    return LAST.includes(path) ? 1000 + LAST.indexOf(path) : 500;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The paths at which these specs are not all alike. */
export function differing(specs) {
  const all = specs.map(flat);
  const paths = new Set(all.flatMap((one) => Object.keys(one)));
  return sorted([...paths].filter((path) => all.some((one) => one[path] !== all[0][path])));
}

/**
 * A label for each spec: what sets it apart from the others, in words.
 *
 * `say(path, value)` puts one setting in words; a value of undefined is one that is not set.
 * Specs that are alike are told apart by their number, from 1.
 */
export function labels(specs, say) {
  const paths = differing(specs);
  const drafts = specs.map((spec) => {
    const settings = flat(spec);
    return paths.map((path) => say(path, settings[path])).filter(Boolean).join(', ');
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
    .filter((path) => mine[path] !== theirs[path])
    .map((path) => [path, mine[path]]);
}
