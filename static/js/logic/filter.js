// Which runs and studies the list shows, and in what order.
import { standing } from "#logic/points.js";
import { flatten, skipOf } from "#logic/spec.js";
import { ended } from "#logic/states.js";

/** After every date: where a list that has not been read begins. */
const NEVER = "9";
export const KINDS = ["twins", "depth", "sweep", "run", "analysis"];
export const STATES = ["live", "finished", "diverged", "stopped", "failed", "interrupted"];
export const EVERYTHING = Object.freeze({ state: "", kind: "", text: "", mine: false });

/** The filter that an address asks for; what it can't mean is left out. */
export function fromAddress(search) {
  const asked = new URLSearchParams(search);
  const known = (key, list) => (list.includes(asked.get(key)) ? asked.get(key) : "");
  return {
    state: known("state", STATES),
    kind: known("kind", KINDS),
    text: asked.get("text") ?? "",
    mine: asked.get("mine") === "1",
  };
}

/** The address's query for a filter and an overlay (ids of runs), empty where there is nothing to say. */
export function toAddress(filter, overlay = []) {
  const query = new URLSearchParams();
  for (const key of ["state", "kind", "text"]) if (filter[key]) query.set(key, filter[key]);
  if (filter.mine) query.set("mine", "1");
  if (overlay.length) query.set("overlay", overlay.join(","));
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** The ids of runs that an address asks to overlay, each once, at most `most`. */
export function overlaid(search, most = 5) {
  const asked = new URLSearchParams(search).get("overlay") ?? "";
  const ids = asked.split(",").filter((id) => /^[a-z2-7]{10}$/.test(id));
  return [...new Set(ids)].slice(0, most);
}

/** What an entry is: twins, depth, sweep, a single run, or an analysis of a network. */
export function kindOf(entry) {
  if (entry.study && entry.runs) return entry.study;
  return entry.analysis ? "analysis" : "run";
}

/** Which of the server's lists an entry stands in. */
export const listOf = (entry) => (["run", "analysis"].includes(kindOf(entry)) ? "runs" : "studies");

/** The runs of an entry: a study's, or the run itself; of a race first the one it is named by first. */
export function runsOf(entry) {
  if (kindOf(entry) !== "twins") return entry.runs ?? [entry];
  const first = ({ spec }) => Number(skipOf(spec) === entry.spec.against);
  return [...entry.runs].sort((a, b) => first(b) - first(a));
}

/** Whether anything of an entry still goes or waits. */
export function live(entry) {
  return !ended(entry.state);
}

/** Whether an entry passes the filter; `words` is what the list shows of it, in plain text. */
export function passes(entry, filter, words) {
  if (filter.kind && kindOf(entry) !== filter.kind) return false;
  if (filter.mine && !entry.mine) return false;
  if (filter.state === "live" && !live(entry)) return false;
  if (filter.state === "diverged" && !runsOf(entry).some((run) => standing(run) === "diverged")) {
    return false;
  }
  if (!["", "live", "diverged"].includes(filter.state) && entry.state !== filter.state) return false;
  const text = words.toLowerCase();
  return terms(filter.text.toLowerCase()).every((term) => holds(text, term));
}

/**
 * What a run can be found by beside its words: "depth 56", "lr 0.05", those at their default too.
 * What it does without is left out, but for its skip: "none" finds plain networks.
 */
export function settingsOf(spec) {
  return Object.entries(flatten(spec))
    .filter(([path, value]) => path === "net.skip" || ![null, "none"].includes(value))
    .map(([path, value]) => `${path.split(".").at(-1)} ${value}`)
    .join(" ");
}

/** What is searched for: words, a number together with the word before it ("depth 56"). */
const terms = (text) => text.match(/[a-z_]+ [\d.]+|[^\s,]+/g) ?? [];

/** Whether a text holds a term; where it gives such a word a number, it must be that number. */
function holds(text, term) {
  const [word, number] = term.split(" ");
  if (number === undefined) return text.includes(term);
  if (!new RegExp(`\\b${word} [\\d.]`).test(text)) return text.includes(word) && text.includes(number);
  return new RegExp(`\\b${word} ${number.replaceAll(".", "\\.")}(?![\\d.])`).test(text);
}

/**
 * Studies and single runs in one list, newest first, each once (the later copy wins).
 *
 * Both lists come in pages, newest first. An entry older than the last one of a list that has
 * more is held back: what is missing between would push it down again.
 */
export function merged(studies, runs) {
  const single = runs.items.filter(({ study }) => study === null);
  const entries = new Map([...studies.items, ...single].map((entry) => [entry.id, entry]));
  const floors = [studies, runs]
    .filter(({ next }) => next !== null)
    .map(({ items }) => items.at(-1)?.created ?? NEVER);
  const floor = floors.reduce((latest, at) => (at > latest ? at : latest), "");
  return [...entries.values()]
    .filter(({ created }) => created >= floor)
    .sort((a, b) => (a.created === b.created ? (a.id < b.id ? -1 : 1) : a.created < b.created ? 1 : -1));
}

/** The list that has to be read on, so that `merged` can show more; null where both are at an end. */
export function behind(studies, runs) {
  /** @type {[string, Json][]} */
  const lists = [
    ["studies", studies],
    ["runs", runs],
  ];
  const open = lists.filter(([, { next }]) => next !== null);
  if (open.length === 0) return null;
  const reach = (/** @type {[string, Json]} */ [, { items }]) => items.at(-1)?.created ?? NEVER;
  return open.reduce((far, one) => (reach(one) > reach(far) ? one : far))[0];
}
