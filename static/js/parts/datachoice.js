// The data set that is chosen. The code for those that are downloaded is got when it is needed.
const FIELD = '[data-path="data"]';

/**
 * Mount into an element below the form. `heard({arrived})` is called when something is known anew;
 * `arrived`: the set that was asked for has just come.
 *
 * `update({name, kept, waiting, stop})` shows what a run of this set lacks: `kept`, how many
 * training examples it is to have (null: all); `waiting`, whether a run waits for the set now;
 * `stop`, what ends that run, for who may. Returns `{title, amount}` of a set that is not here
 * (`amount`: how much of it has come, while it is being downloaded), or null where nothing is in
 * the way, or is not known yet.
 */
export function mount(el, { catalog, heard }) {
  let part = null;
  let coming = null;

  async function need() {
    coming ??= import("#parts/datasets.js");
    const { mount: mountSets } = await coming;
    if (part) return;
    part = mountSets(el, { catalog, field: FIELD, heard });
    heard({ arrived: false });
  }

  // Whoever is about to open the list wants to know what a choice costs.
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, async ({ target }) => {
      if (!(target instanceof Element && target.closest(FIELD))) return;
      const known = part !== null;
      await need();
      if (!known) part.look();
    });
  }

  return {
    update(wanted) {
      const entry = catalog.data.find(({ name }) => name === wanted.name);
      const published = entry !== undefined && entry.download > 0;
      if (published && !part) need();
      return part?.update(published ? { ...wanted, entry } : null) ?? null;
    },
  };
}
