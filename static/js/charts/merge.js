/** `over` laid over `under`, object by object; neither is changed. Arrays are values. */
export function merge(under, over) {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    merged[key] = plain(merged[key]) && plain(value) ? merge(merged[key], value) : value;
  }
  return merged;
}

function plain(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Annotations with the text of the one of this name replaced. */
export function relabelled(annotations, name, text) {
  return annotations.map((one) => (one.name === name ? { ...one, text } : one));
}
