// /runs: everything that was trained here; filter it, overlay it, take it away, delete it.
import { control } from "#api.js";
import { make, write } from "#dom.js";
import { catalog } from "#given.js";
import { disambiguate } from "#logic/disambiguate.js";
import { gradientsLink } from "#logic/gradientslink.js";
import { failureOf } from "#logic/failure.js";
import { fieldsOf } from "#logic/fields.js";
import { fromAddress, kindOf, listOf, live, overlaid, passes, runsOf, settingsOf, toAddress } from "#logic/filter.js";
import { behindName, entryWords, runWords } from "#logic/specwords.js";
import { t } from "#logic/words.js";
import { complain } from "#parts/complaint.js";
import { ask } from "#parts/confirm.js";
import { mount as mountEntries } from "#parts/entries.js";
import { mount as mountOverlay } from "#parts/overlay.js";
import { toast } from "#parts/toast.js";
import { RunList } from "#runlist.js";

const PAGE = 30;
const MOST = 5;

const at = (id) => document.getElementById(id);
const known = catalog();
const table = fieldsOf(known);

const state = {
  filter: fromAddress(window.location.search),
  chosen: overlaid(window.location.search, MOST),
  overlay: overlaid(window.location.search, MOST).length > 0,
  shown: PAGE,
  open: new Set(),
};
const trained = new RunList({ changed: render });

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
  const name = calledOf(entry);
  try {
    await what();
    toast(t(words, { name }));
  } catch (problem) {
    complain(problem);
  }
  await trained.refresh();
}

async function drop(entry) {
  const n = runsOf(entry).length;
  const sure = await ask(at("confirm"), {
    title: listOf(entry) === "runs" ? t("runs.confirm.run") : t("runs.confirm.study", { n }),
    text: t(live(entry) ? "runs.confirm.live" : "runs.confirm.text", {
      name: calledOf(entry),
    }),
    yes: t("runs.confirm.yes"),
    fallback: at("list-title"),
  });
  if (!sure) return;
  const next = entries.neighbour(entry.id);
  await act(async () => {
    await trained.remove(entry);
    const gone = runsOf(entry).map(({ id }) => id);
    state.chosen = state.chosen.filter((id) => !gone.includes(id));
    changed();
    entries.focus(next) || at("list-title").focus();
  }, "runs.deleted", entry);
}

/** Read until the filter shows a screenful. */
const fill = () => trained.fill(() => visible().length >= state.shown);

const namesOf = (all) => disambiguate(all, wordsOf, table, Date.now());
const calledOf = (entry) => namesOf(trained.entries).get(entry.id).called;
const visible = () => trained.entries.filter((entry) => passes(entry, state.filter, searched(entry)));

function render() {
  const found = visible();
  const all = trained.entries;
  const read = all.length;
  const page = found.slice(0, state.shown);
  entries.update({ entries: page, names: namesOf(all), chosen: state.chosen, open: state.open, now: Date.now() });
  at("further").hidden = !trained.more && found.length <= state.shown;
  at("empty").hidden = !trained.loaded || read > 0;
  at("none").hidden = read === 0 || found.length > 0;
  const words = !trained.loaded
    ? t("runs.list.loading")
    : found.length === read
      ? t("runs.list.found", { n: page.length })
      : t("runs.list.looked", { n: page.length, all: read });
  write(at("found"), words);
  showProblem();
  at("selection").hidden = state.chosen.length === 0;
  if (state.chosen.length) {
    at("selected").textContent = t("runs.selection.count", { n: state.chosen.length, most: MOST });
    at("compare").href = gradientsLink(state.chosen);
  }
  at("overlay-open").hidden = state.overlay;
  overlay.update({ ids: state.overlay ? state.chosen : [] });
}

/** That the list could not be read, for as long as that holds. */
function showProblem() {
  const text = trained.problem ? failureOf(trained.problem) : "";
  if (at("notices").textContent === text) return;
  at("notices").replaceChildren(...(text ? [make("p", { className: "notice", textContent: text })] : []));
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
document.addEventListener("visibilitychange", () => (document.hidden ? undefined : trained.refresh()));

showFilter();
render();
fill();
