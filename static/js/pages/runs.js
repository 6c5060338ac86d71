// /runs: everything that was trained here; filter it, overlay it, take it away, delete it.
import { control, list, read as readOne, remove } from "#api.js";
import { make, write } from "#dom.js";
import { catalog } from "#given.js";
import { disambiguate } from "#logic/disambiguate.js";
import { gradientsLink } from "#logic/gradientslink.js";
import { failureOf } from "#logic/failure.js";
import { fieldsOf } from "#logic/fields.js";
import {
  behind, fromAddress, kindOf, listOf, live, merged, overlaid, passes, runsOf, settingsOf, toAddress,
} from "#logic/filter.js";
import { behindName, entryWords, runWords } from "#logic/specwords.js";
import { t } from "#logic/words.js";
import { complain } from "#parts/complaint.js";
import { ask } from "#parts/confirm.js";
import { mount as mountEntries } from "#parts/entries.js";
import { mount as mountOverlay } from "#parts/overlay.js";
import { toast } from "#parts/toast.js";

const PAGE = 30;
const MOST = 5;
const REFRESH_MS = 2000;
/** Pages read on without being asked while a filter leaves too little to show. */
const EAGER = 5;

const at = (id) => document.getElementById(id);
const known = catalog();
const table = fieldsOf(known);

const state = {
  studies: { items: [], next: "" },
  runs: { items: [], next: "" },
  filter: fromAddress(window.location.search),
  chosen: overlaid(window.location.search, MOST),
  overlay: overlaid(window.location.search, MOST).length > 0,
  shown: PAGE,
  open: new Set(),
  loaded: false,
};
let timer = 0;
let turn = Promise.resolve();
const dropped = new Set(); // ids deleted here: an answer on its way may still name them

/** One reading of the lists after the other: each lays its answer over what it began with. */
const inTurn = (reading) =>
  // One that fails is told of as any error is, and keeps none from its turn.
  (turn = turn.then(reading).catch((error) => window.reportError(error)));

/** What was read of a list, without what was deleted since it was asked for. */
function keep(name, items, next) {
  state[name] = { items: items.filter(({ id }) => !dropped.has(id)), next };
}

const wordsOf = (entry) => entryWords(entry, known.presets, table);
const searched = (entry) =>
  [
    wordsOf(entry),
    t(`runs.kinds.${kindOf(entry)}`),
    ...runsOf(entry).flatMap(({ spec }) => [runWords(spec, table), settingsOf(spec)]),
    entry.id,
  ].join(" ");

const entries = mountEntries(at("entries"), {
  wordsOf,
  behindName: (entry) => behindName(entry, known.presets, table),
  runName: (run) => runWords(run.spec, table),
  choose,
  unfold(id, open) {
    if (open) state.open.add(id);
    else state.open.delete(id);
    render();
  },
  stop: (entry) => act(() => control(listOf(entry), entry.id, "stop"), "runs.stopped", entry),
  drop,
});
const overlay = mountOverlay(at("overlay"), {
  table,
  closed() {
    state.overlay = false;
    changed();
    at("list-title").focus();
  },
  gone(id) {
    state.chosen = state.chosen.filter((one) => one !== id);
    if (state.chosen.length === 0) state.overlay = false;
    toast(t("runs.overlay.gone"));
    changed();
  },
});

function choose(ids, on) {
  const rest = state.chosen.filter((id) => !ids.includes(id));
  if (on && rest.length + ids.length > MOST) {
    toast(t("runs.selection.full", { most: MOST }));
    render();
    return;
  }
  state.chosen = on ? [...rest, ...ids] : rest;
  if (state.chosen.length === 0) state.overlay = false;
  changed();
}

/** After anything that the address holds. */
function changed() {
  const query = toAddress(state.filter, state.overlay ? state.chosen : []);
  window.history.replaceState(null, "", `runs${query}`);
  render();
}

async function act(what, words, entry) {
  const name = told(everything()).get(entry.id).called;
  try {
    await what();
    toast(t(words, { name }));
  } catch (problem) {
    complain(problem);
  }
  await refresh();
}

async function drop(entry) {
  const n = runsOf(entry).length;
  const sure = await ask(at("confirm"), {
    title: listOf(entry) === "runs" ? t("runs.confirm.run") : t("runs.confirm.study", { n }),
    text: t(live(entry) ? "runs.confirm.live" : "runs.confirm.text", {
      name: told(everything()).get(entry.id).called,
    }),
    yes: t("runs.confirm.yes"),
    fallback: at("list-title"),
  });
  if (!sure) return;
  const next = entries.neighbour(entry.id);
  await act(async () => {
    await remove(listOf(entry), entry.id);
    const gone = runsOf(entry).map(({ id }) => id);
    state.chosen = state.chosen.filter((id) => !gone.includes(id));
    dropped.add(entry.id);
    for (const name of ["studies", "runs"]) keep(name, state[name].items, state[name].next);
    changed();
    entries.focus(next) || at("list-title").focus();
  }, "runs.deleted", entry);
}

/** Read one page more of the list that is behind. */
async function readOn() {
  const name = behind(state.studies, state.runs);
  if (name === null) return false;
  const { items, next } = state[name];
  const page = await list(name, { limit: PAGE, after: next || null });
  keep(name, [...items, ...page.items], page.next);
  return true;
}

/** Read until the filter shows a screenful, there is no more, or it has been long enough. */
const fill = () => inTurn(async () => {
  try {
    for (let pages = 0; pages < 2 + EAGER && visible().length < state.shown; pages += 1) {
      if (!(await readOn())) break;
    }
    state.loaded = true;
  } catch (problem) {
    failed(problem);
  }
  render();
  again();
});

function failed(problem) {
  at("notices").replaceChildren(
    make("p", { className: "notice", textContent: failureOf(problem) }),
  );
}

/** What is live of these and may be on show, read anew one by one; what is gone is left out. */
async function reread(name, items) {
  const going = items.filter(live).slice(0, PAGE);
  const found = await Promise.all(
    going.map(({ id }) =>
      readOne(name, id).catch((problem) => {
        if (problem.status !== 404) throw problem;
        return null;
      }),
    ),
  );
  const news = new Map(going.map(({ id }, i) => [id, found[i]]));
  return items.map((item) => (news.has(item.id) ? news.get(item.id) : item)).filter(Boolean);
}

/** The newest page of both lists, laid over what is known; what is live further down as well. */
const refresh = () => inTurn(async () => {
  try {
    for (const name of ["studies", "runs"]) {
      const page = await list(name, { limit: PAGE });
      const fresh = new Set(page.items.map(({ id }) => id));
      const last = page.items.at(-1)?.created ?? "";
      // What is newer than the page's end and not in it has been deleted elsewhere.
      const older = state[name].items.filter(
        ({ id, created }) => !fresh.has(id) && page.next !== null && created <= last,
      );
      const next = state[name].items.length > page.items.length ? state[name].next : page.next;
      keep(name, [...page.items, ...(await reread(name, older))], next);
    }
    at("notices").replaceChildren();
  } catch (problem) {
    failed(problem);
  }
  render();
  again();
});

/** Look again soon while something goes; a page that nobody sees asks nothing. */
function again() {
  window.clearTimeout(timer);
  const going = everything().some(live);
  if (going && !document.hidden) timer = window.setTimeout(refresh, REFRESH_MS);
}

const everything = () => merged(state.studies, state.runs);
const told = (all) => disambiguate(all, wordsOf, table, Date.now());
const visible = () => everything().filter((entry) => passes(entry, state.filter, searched(entry)));

function render() {
  const found = visible();
  const all = everything();
  const read = all.length;
  const page = found.slice(0, state.shown);
  entries.update({ entries: page, told: told(all), chosen: state.chosen, open: state.open, now: Date.now() });
  const more = behind(state.studies, state.runs) !== null;
  at("further").hidden = !more && found.length <= state.shown;
  at("empty").hidden = !state.loaded || read > 0;
  at("none").hidden = read === 0 || found.length > 0;
  const words = !state.loaded
    ? t("runs.list.loading")
    : found.length === read
      ? t("runs.list.found", { n: page.length })
      : t("runs.list.looked", { n: page.length, all: read });
  write(at("found"), words);
  at("selection").hidden = state.chosen.length === 0;
  if (state.chosen.length) {
    at("selected").textContent = t("runs.selection.count", { n: state.chosen.length, most: MOST });
    at("compare").href = gradientsLink(state.chosen);
  }
  at("overlay-open").hidden = state.overlay;
  overlay.update({ ids: state.overlay ? state.chosen : [] });
}

const filterForm = at("filter");

function showFilter() {
  for (const name of ["kind", "state", "text"]) filterForm.elements[name].value = state.filter[name];
  filterForm.elements.mine.checked = state.filter.mine;
}

filterForm.addEventListener("input", () => {
  const { kind, state: stands, text, mine } = filterForm.elements;
  state.filter = { kind: kind.value, state: stands.value, text: text.value, mine: mine.checked };
  state.shown = PAGE;
  changed();
  fill();
});
filterForm.addEventListener("submit", (event) => event.preventDefault());
filterForm.addEventListener("reset", (event) => {
  event.preventDefault();
  state.filter = fromAddress("");
  state.shown = PAGE;
  showFilter();
  changed();
  fill();
});
at("further").addEventListener("click", () => {
  state.shown += PAGE;
  fill();
});
at("overlay-open").addEventListener("click", () => {
  state.overlay = true;
  changed();
  at("overlay-title").focus();
});
at("unselect").addEventListener("click", () => choose([...state.chosen], false));
document.addEventListener("visibilitychange", () => (document.hidden ? undefined : refresh()));

showFilter();
render();
fill();
