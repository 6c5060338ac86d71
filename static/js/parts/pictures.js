// Pictures of test examples, asked of the server once for each data set and number.
import * as api from "#api.js";

/**
 * What is known of the pictures: {pictures, missing, problem}.
 *
 * `missing`: the data set is not on the server's machine; `problem`: why they can't be had, in the
 * server's words. `heard()` is called when more is known.
 */
export class Pictures {
  #known = new Map();
  #renewed = new Set();
  #heard;
  #key = "";

  constructor(heard) {
    this.#heard = heard;
  }

  /** What is known of them now; asks where that is nothing yet. */
  of(wanted) {
    this.#key = keyOf(wanted);
    if (!this.#known.has(this.#key)) this.#ask(wanted);
    return this.#known.get(this.#key);
  }

  /** Ask anew, once for each pair (`race` is its id): its training may have brought other data. */
  renew(wanted) {
    const once = `${keyOf(wanted)} ${wanted.race}`;
    if (this.#renewed.has(once)) return;
    this.#renewed.add(once);
    this.#ask(wanted);
  }

  async #ask(wanted) {
    const key = keyOf(wanted);
    this.#known.set(key, this.#known.get(key) ?? {});
    this.#known.set(key, await found(wanted));
    if (key === this.#key) this.#heard();
  }
}

const keyOf = ({ data, count, resize }) => `${data.name} ${count ?? ""} ${resize ?? ""}`;

async function found({ data, count, resize }) {
  try {
    // What may not be there is not asked for: that would be an error. Own images that are gone have
    // no facts (logic/data.js); a set to be downloaded says how much of it is there.
    if (data.train_size === null) return { missing: true };
    if (data.download) {
      const { items } = await api.dataSets();
      const own = items.find(({ name }) => name === data.name);
      if (!own?.examples) return { missing: true };
    }
    return { pictures: await api.samples(data.name, { count, resize }) };
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    return { problem: error.message };
  }
}
