// The list of runs and studies: one item each, kept in place while it changes.
import { catalog } from "../api.js";
import { button, make, write, writeLines } from "../dom.js";
import { dataOf } from "../logic/data.js";
import { kindOf, live, runsOf } from "../logic/filter.js";
import { outcomeLines } from "../logic/outcome.js";
import { measuresOf, progress } from "../logic/points.js";
import { ended } from "../logic/states.js";
import { resultWords, roleOf, skipName } from "../logic/short.js";
import { t } from "../logic/words.js";
import { filesOf, pagesOf } from "./entrylinks.js";
import { menu } from "./menu.js";
import { swatch } from "./swatch.js";

/**
 * Mounts into a <ul>. `does` holds wordsOf(entry), runName(run), choose(ids, on),
 * unfold(id, open), stop(entry) and drop(entry). update({entries, chosen, open, now}).
 */
export function mount(el, does) {
  const items = new Map();

  function update({ entries, chosen, open, now }) {
    const wanted = new Set(entries.map(({ id }) => id));
    for (const [id, item] of items) {
      if (wanted.has(id)) continue;
      item.el.remove();
      items.delete(id);
    }
    entries.forEach((entry, index) => {
      if (!items.has(entry.id)) items.set(entry.id, create(entry, does));
      const item = items.get(entry.id);
      item.update(entry, { chosen, open: open.has(entry.id), now });
      // Only what is out of place is moved: moving takes the focus away.
      if (el.children[index] !== item.el) el.insertBefore(item.el, el.children[index] ?? null);
    });
  }

  return {
    update,
    /** The entry after this one, or before it where it is the last: where the focus goes. */
    neighbour(id) {
      const ids = [...el.children].map(({ dataset }) => dataset.id);
      const at = ids.indexOf(id);
      return ids[at + 1] ?? ids[at - 1] ?? null;
    },
    /** Put the focus on an entry's name; false where it is not in the list. */
    focus(id) {
      const link = items.get(id)?.el.querySelector(".entry-name");
      link?.focus();
      return Boolean(link);
    },
  };
}

function create(entry, does) {
  const kind = kindOf(entry);
  const name = does.wordsOf(entry);
  const el = make("li", { className: "entry panel" });
  Object.assign(el.dataset, { id: entry.id, kind });
  const head = make("div", { className: "entry-head" });
  const whole = kind === "run" || kind === "twins";
  const ids = runsOf(entry).map(({ id }) => id);
  const box = whole ? checkbox(t("runs.entry.select", { name }), (on) => does.choose(ids, on)) : null;
  const badge = make("span", { className: "badge" });
  const pages = pagesOf(entry);
  const title = make("a", { className: "entry-name", href: pages[0].href, textContent: name });
  const about = make("p", { className: "entry-about small" });
  const result = make("div", { className: "entry-result" });
  const bar = make("progress", { max: 1 });
  const when = make("time", { dateTime: entry.created });
  const facts = [t(`runs.kinds.${kind}`), when, ...(entry.mine ? [t("runs.entry.mine")] : [])];
  facts.forEach((fact, i) => about.append(i ? " · " : "", fact));
  bar.setAttribute("aria-label", name);
  head.append(...(box ? [box] : [make("span", { className: "entry-nobox" })]), badge, title);
  const actions = make("div", { className: "entry-actions" });
  actions.setAttribute("role", "group");
  actions.setAttribute("aria-label", t("runs.entry.actions", { name }));
  const stop = button(t("runs.entry.stop"), () => does.stop(now));
  const drop = button(t("runs.entry.delete"), () => does.drop(now));
  const fold = button("", () => does.unfold(entry.id, sub.hidden), { className: "quiet" });
  const files = menu(t("runs.entry.export"), t("runs.entry.export_of", { name }), filesOf(entry));
  actions.append(fold, ...pages.map(anchor), files, stop, drop);
  const sub = make("ul", { className: "subruns", hidden: true });
  sub.setAttribute("aria-label", t("runs.entry.runs", { name }));
  el.append(head, about, result, bar, actions, sub);
  let now = entry;
  const rows = new Map();

  function update(next, { chosen, open: unfolded, now: time }) {
    now = next;
    badge.dataset.state = next.state;
    write(badge, t(`common.states.${next.state}`));
    write(when, ago(next.created, time));
    when.title = new Date(next.created).toLocaleString();
    writeLines(result, outcome(next));
    const runs = runsOf(next);
    bar.hidden = !live(next);
    bar.value = runs.reduce((sum, run) => sum + (ended(run.state) ? 1 : run.step / run.steps), 0) / runs.length;
    stop.hidden = !next.mine || !live(next);
    drop.hidden = !next.mine;
    fold.hidden = kind === "run";
    write(fold, unfolded ? t("runs.entry.fold") : t("runs.entry.unfold", { n: runs.length }));
    fold.setAttribute("aria-expanded", String(unfolded));
    if (box) box.input.checked = ids.every((id) => chosen.includes(id));
    sub.hidden = !unfolded;
    if (unfolded) runs.forEach((run) => subrun(run, chosen));
  }

  function subrun(run, chosen) {
    if (!rows.has(run.id)) {
      const said = does.runName(run);
      const row = make("li");
      const pick = checkbox(t("runs.entry.select", { name: said }), (on) => does.choose([run.id], on));
      const link = make("a", { href: `/gradients?run=${run.id}`, textContent: said });
      const words = make("span", { className: "small" });
      row.append(pick, swatch(roleOf(run.spec.net.skip)), link, words);
      rows.set(run.id, { pick, words });
      sub.append(row);
    }
    const { pick, words } = rows.get(run.id);
    pick.input.checked = chosen.includes(run.id);
    write(words, standing(run));
  }

  return { el, update };
}

/** What came of an entry, or how far it is: a line or two. */
function outcome(entry) {
  const runs = runsOf(entry);
  if (kindOf(entry) === "run") return [standing(entry)];
  const how = progress(runs);
  if (kindOf(entry) === "twins") {
    const place = entry.state === "queued" && entry.place ? [t("runs.entry.place", { place: entry.place })] : [];
    return [...place, ...runs.map((run) => [skipName(run.spec.net.skip), standing(run)].join(": "))];
  }
  const [measure] = measuresOf(dataOf(entry.spec.base, catalog()));
  const lines = [t("runs.entry.done", { done: how.done, total: how.total })];
  if (how.over) lines.pop();
  if (entry.place) lines.push(t("runs.entry.place", { place: entry.place }));
  lines.push(...outcomeLines(entry.spec, runs, measure));
  if (how.counts.diverged) lines.push(t("depth.progress.diverged", { n: how.counts.diverged }));
  if (how.counts.failed) lines.push(t("depth.progress.failed", { n: how.counts.failed }));
  return lines;
}

/** One run: waiting where, at which step, or with what result. */
function standing(run) {
  if (run.state === "queued") {
    return run.place ? t("runs.entry.place", { place: run.place }) : t("common.states.queued");
  }
  const steps = t("runs.entry.step", { step: run.step, steps: run.steps });
  if (!ended(run.state)) return steps;
  const words = resultWords(run);
  return run.state === "finished" ? words : [steps, words].join(" · ");
}

function ago(when, now) {
  const span = Math.max(0, (now - Date.parse(when)) / 1000);
  if (span < 60) return t("runs.when.now");
  if (span < 3600) return t("runs.when.minutes", { n: Math.floor(span / 60) });
  if (span < 86_400) return t("runs.when.hours", { n: Math.floor(span / 3600) });
  return new Date(when).toLocaleDateString();
}

function checkbox(label, changed) {
  const box = make("label", { className: "pick" });
  const input = make("input", { type: "checkbox" });
  input.setAttribute("aria-label", label);
  input.addEventListener("change", () => changed(input.checked));
  box.append(input);
  box.input = input;
  return box;
}

function anchor({ text, href }) {
  return make("a", { className: "button", textContent: text, href });
}
