// Everything that was trained here, as the server lists it: read page by page, and anew while something goes.
import { Problem, list, read, remove } from "#api.js";
import { behind, listOf, live, merged } from "#logic/filter.js";

/** Entries of one page, and how many of those that go further down are read anew. */
const PAGE = 30;
const REFRESH_MS = 2000;
/** Pages read on without being asked while a filter leaves too little to show. */
const EAGER = 5;

/** Studies and single runs in one list, newest first: `entries`. `changed()` is called after each reading. */
export class RunList {
  #lists = { studies: { items: [], next: "" }, runs: { items: [], next: "" } };
  #changed;
  #timer = 0;
  #turn = Promise.resolve();
  #dropped = new Set(); // ids deleted here: an answer on its way may still name them

  constructor({ changed }) {
    this.#changed = changed;
    /** Whether it was read at all. */
    this.loaded = false;
    /** Why the last reading got no answer, or null. */
    this.problem = /** @type {Problem | null} */ (null);
  }

  get entries() {
    return merged(this.#lists.studies, this.#lists.runs);
  }

  /** Whether the server has more, further down. */
  get more() {
    return this.#behind !== null;
  }

  get #behind() {
    return behind(this.#lists.studies, this.#lists.runs);
  }

  /** Read on until there is `enough()`, there is no more, or it has been long enough. */
  fill(enough) {
    return this.#inTurn(async () => {
      for (let pages = 0; pages < 2 + EAGER && this.more && !enough(); pages += 1) await this.#readOn(this.#behind);
      this.loaded = true;
    });
  }

  /** Read the newest page of both lists again; what goes on further down as well. */
  refresh() {
    return this.#inTurn(async () => {
      for (const name of ["studies", "runs"]) await this.#renew(name);
    });
  }

  /** Delete a run or study, and all it said. */
  async remove(entry) {
    await remove(listOf(entry), entry.id);
    this.#dropped.add(entry.id);
    for (const [name, { items, next }] of Object.entries(this.#lists)) this.#keep(name, items, next);
  }

  /** One reading after the other: each lays its answer over what it began with. */
  #inTurn(reading) {
    const turn = async () => {
      try {
        await reading();
        this.problem = null;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.problem = problem;
      }
      this.#changed();
      this.#again();
    };
    // One that fails is told of as any error is, and keeps none from its turn.
    this.#turn = this.#turn.then(turn).catch((error) => window.reportError(error));
    return this.#turn;
  }

  /** Look again soon while something goes; a page that nobody sees asks nothing. */
  #again() {
    window.clearTimeout(this.#timer);
    const going = this.entries.some(live);
    if (going && !document.hidden) this.#timer = window.setTimeout(() => this.refresh(), REFRESH_MS);
  }

  async #readOn(name) {
    const { items, next } = this.#lists[name];
    const page = await list(name, { limit: PAGE, after: next || null });
    this.#keep(name, [...items, ...page.items], page.next);
  }

  async #renew(name) {
    const page = await list(name, { limit: PAGE });
    const { items, next } = this.#lists[name];
    const fresh = new Set(page.items.map(({ id }) => id));
    const last = page.items.at(-1)?.created ?? "";
    // What is newer than the page's end and not in it has been deleted elsewhere.
    const older = items.filter(({ id, created }) => !fresh.has(id) && page.next !== null && created <= last);
    this.#keep(name, [...page.items, ...(await reread(name, older))], items.length > page.items.length ? next : page.next);
  }

  /** What was read of a list, without what was deleted since it was asked for. */
  #keep(name, items, next) {
    this.#lists[name] = { items: items.filter(({ id }) => !this.#dropped.has(id)), next };
  }
}

/** What goes of these and may be on show, read anew one by one; what is gone is left out. */
async function reread(name, items) {
  const going = items.filter(live).slice(0, PAGE);
  const found = await Promise.all(
    going.map(({ id }) =>
      read(name, id).catch((problem) => {
        if (problem.status !== 404) throw problem;
        return null;
      }),
    ),
  );
  const news = new Map(going.map(({ id }, i) => [id, found[i]]));
  return items.map((item) => (news.has(item.id) ? news.get(item.id) : item)).filter(Boolean);
}
