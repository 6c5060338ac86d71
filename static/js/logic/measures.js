// What runs measure inside their networks: each says of its measures what they are and where they are taken.

/** The measure that pages show first. */
export const FLOW = "flow";

/** What a frame lists of a measure, in depth order; empty where it lacks it. */
export const valuesIn = (frame, name) => frame?.measures?.[name] ?? [];

/** What a run says of a measure: its title, summary, scale, places; null where it has none. */
export const measureOf = (started, name) => started?.measures?.find((one) => one.name === name) ?? null;

/** The names of the places where a run takes a measure, in depth order. */
export const placesOf = (started, name) => measureOf(started, name)?.places ?? [];

/** The measures that any of these runs takes anywhere, in the order of the first to say so. */
export function carried(histories) {
  const all = new Map();
  for (const { started } of histories) {
    for (const one of started?.measures ?? []) if (one.places.length && !all.has(one.name)) all.set(one.name, one);
  }
  return [...all.values()];
}

/** Why some of these runs have no place for a measure that they were to take: {label, why}. */
export function absences(series, name) {
  return series.flatMap(({ label, history }) => {
    const why = measureOf(history.started, name)?.absent;
    return why ? [{ label, why }] : [];
  });
}

/** The measures that none of these runs has a place for, each with why: {name, title, why}. */
export function nowhere(series) {
  const all = series.flatMap(({ history }) => history.started?.measures ?? []);
  const taken = new Set(all.filter(({ places }) => places.length).map(({ name }) => name));
  const titles = new Map(all.filter(({ name }) => !taken.has(name)).map(({ name, title }) => [name, title]));
  return [...titles].map(([name, title]) => {
    const reasons = new Set(absences(series, name).map(({ why }) => why));
    return { name, title, why: [...reasons].join("; ") };
  });
}

/** What is known of a measure that any of these runs takes; null where none does. */
export const known = (histories, name) => carried(histories).find((one) => one.name === name) ?? null;
