// The list of runs and studies: one item each, kept in place while it changes.
import { button, make, write, writeLines } from "#dom.js";
import { catalog } from "#given.js";
import { besideLink, gradientsLink } from "#logic/gradientslink.js";
import { dataOf } from "#logic/data.js";
import { kindOf, live, runsOf } from "#logic/filter.js";
import { analysisLink, fits } from "#logic/analysis.js";
import { outcomeLines } from "#logic/outcome.js";
import { measuresOf, points, progress } from "#logic/points.js";
import { skipOf } from "#logic/spec.js";
import { ended, stateWords } from "#logic/states.js";
import { resultWords } from "#logic/specwords.js";
import { skipName } from "#logic/skips.js";
import { fromStudy } from "#logic/sweep.js";
import { endsWords, waitWords } from "#logic/waiting.js";
import { ago } from "#logic/timewords.js";
import { withReason, earlyEnds } from "#logic/reasons.js";
import { t } from "#logic/words.js";
import { decimalSwitch } from "#parts/decimal.js";
import { filesOf, pagesOf } from "#parts/entrylinks.js";
import { menu } from "#parts/menu.js";
import { networkLink } from "#parts/networklink.js";
import { swatch } from "#charts/swatch.js";

/**
 * Mounts into a <ul>. `does` holds wordsOf(entry), behindName(entry), runName(run),
 * choose(ids, on), unfold(id, open), stop(entry) and drop(entry). update({entries, names, chosen, open,
 * now}): `names` as of logic/disambiguate.js.
 */
export function mount(el, does) {
  const items = new Map();

  function update({ entries, names, chosen, open, now }) {
    const wanted = new Set(entries.map(({ id }) => id));
    for (const [id, item] of items) {
      if (wanted.has(id)) continue;
      item.el.remove();
      items.delete(id);
    }
    entries.forEach((entry, index) => {
      if (!items.has(entry.id)) items.set(entry.id, create(entry, does));
      const item = items.get(entry.id);
      item.update(entry, { naming: names.get(entry.id), chosen, open: open.has(entry.id), now });
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
  const beside = !whole && kind !== "analysis" && entry.spec.skips.length > 1;
  const ids = runsOf(entry).map(({ id }) => id);
  const box = whole ? checkbox("", (on) => does.choose(ids, on)) : null;
  const badge = make("span", { className: "badge" });
  const pages = pagesOf(entry);
  const title = make("a", { className: "entry-name", href: pages[0].href, textContent: name });
  const about = make("p", { className: "entry-about small" });
  const result = make("div", { className: "entry-result" });
  const bar = make("progress", { max: 1 });
  const when = make("time", { dateTime: entry.created });
  const differs = make("strong");
  const facts = [t(`runs.kinds.${kind}`), when, differs, does.behindName(entry), entry.mine ? t("runs.entry.mine") : ""];
  about.append(...facts.filter(Boolean).map(spanOf));
  head.append(...(box ? [box] : [make("span", { className: "entry-nobox" })]), badge, title);
  const actions = make("div", { className: "entry-actions" });
  actions.setAttribute("role", "group");
  const stop = button(t("runs.entry.stop"), () => does.stop(now));
  const drop = button(t("runs.entry.delete"), () => does.drop(now));
  const fold = button("", () => does.unfold(entry.id, sub.hidden), { className: "quiet" });
  const network = networkLink();
  const files = menu(t("runs.entry.export"), "", filesOf(entry), network.el, decimalSwitch());
  const analyses = whole ? analysesOf(runsOf(entry)).map(anchor) : [];
  actions.append(fold, ...pages.map(anchor), ...analyses, files, stop, drop);
  const sub = make("ul", { className: "subruns", hidden: true });
  el.append(head, about, result, bar, actions, sub);
  let now = entry;
  const rows = new Map();

  /** Labels by its name, and by what tells it from others of that name. */
  function call(name) {
    const label = (part, key) => part.setAttribute("aria-label", t(`runs.entry.${key}`, { name }));
    if (box) label(box.input, "select");
    label(actions, "actions");
    label(files.querySelector("summary"), "export_of");
    label(sub, "runs");
    bar.setAttribute("aria-label", name);
  }

  function update(next, { naming, chosen, open: unfolded, now: time }) {
    now = next;
    call(naming.called);
    write(differs, naming.differs);
    differs.parentElement.hidden = naming.differs === "";
    badge.dataset.state = next.state;
    write(badge, stateWords(next));
    write(when, [naming.clock, ago(next.created, time)].filter(Boolean).join(", "));
    when.classList.toggle("telling", naming.called !== name && naming.differs === "");
    when.title = new Date(next.created).toLocaleString();
    writeLines(result, outcome(next));
    const runs = runsOf(next);
    bar.hidden = !live(next);
    bar.value = runs.reduce((sum, run) => sum + (ended(run.state) ? 1 : run.step / run.steps), 0) / runs.length;
    if (kind === "run") network.update(next);
    const asked = runs.every((run) => run.network !== null && !run.result?.diverged);
    for (const analysis of analyses) analysis.hidden = !asked;
    stop.hidden = !next.mine || !live(next);
    drop.hidden = !next.mine;
    fold.hidden = kind === "run" || kind === "analysis";
    write(fold, unfolded ? t("runs.entry.fold") : t("runs.entry.unfold", { n: runs.length }));
    fold.setAttribute("aria-expanded", String(unfolded));
    if (box) box.input.checked = ids.every((id) => chosen.includes(id));
    sub.hidden = !unfolded;
    if (unfolded) runs.forEach((run) => subrun(run, chosen));
  }

  /** A race's runs open alone, since the race itself opens as a pair; a sweep's beside each other. */
  function subrun(run, chosen) {
    if (!rows.has(run.id)) {
      const runName = does.runName(run);
      const row = make("li");
      const pick = checkbox(t("runs.entry.select", { name: runName }), (on) => does.choose([run.id], on));
      const link = make("a", { href: linkOf(run), textContent: runName, title: beside ? t("runs.entry.beside") : "" });
      const words = make("span", { className: "small" });
      const kept = networkLink();
      row.append(pick, swatch(skipOf(run.spec)), link, words, kept.el);
      rows.set(run.id, { pick, words, kept });
      sub.append(row);
    }
    const { pick, words, kept } = rows.get(run.id);
    kept.update(run);
    pick.input.checked = chosen.includes(run.id);
    write(words, standing(run));
  }

  return { el, update };

  function linkOf(run) {
    if (!beside) return gradientsLink([run.id]);
    return besideLink(points(runsOf(now), fromStudy(now.spec).field, "train_error"), run.id);
  }
}

/** What came of an entry, or how far it is: a line or two. */
function outcome(entry) {
  const runs = runsOf(entry);
  if (kindOf(entry) === "run") return [standing(entry)];
  if (kindOf(entry) === "analysis") return [analysing(entry)];
  const how = progress(runs);
  if (kindOf(entry) === "twins") {
    // Both wait, and make room, together: said once.
    if (entry.state === "queued") return [standing({ ...runs[0], waits: entry.waits })];
    const ends = entry.ends_in === null ? [] : [endsWords(entry.ends_in)];
    const lines = runs.map((run) => [skipName(skipOf(run.spec)), standing({ ...run, ends_in: null })].join(": "));
    return [...ends, ...lines];
  }
  const [measure] = measuresOf(dataOf(entry.spec.base, catalog()));
  const lines = [t("runs.entry.done", { done: how.done, total: how.total })];
  if (how.over) lines.pop();
  if (entry.state === "queued" && entry.waits) lines.push(waitWords(entry.waits, entry.mine));
  lines.push(...outcomeLines(entry.spec, runs, measure));
  if (how.counts.diverged) lines.push(t("depth.progress.diverged", { n: how.counts.diverged }));
  if (how.counts.failed) lines.push(t("depth.progress.failed", { n: how.counts.failed }));
  return [...lines, ...earlyEnds(runs)];
}

/** One run: waiting for whom, at which step, or with what result. */
function standing(run) {
  if (run.state === "queued") {
    return run.waits ? waitWords(run.waits, run.mine) : t("common.states.queued");
  }
  const steps = t("runs.entry.step", { step: run.step, steps: run.steps });
  if (!ended(run.state)) return run.ends_in === null ? steps : [steps, endsWords(run.ends_in)].join(" · ");
  const unkept = run.result?.unkept;
  const words = [resultWords(run), unkept ? t("runs.entry.unkept", { reason: unkept }) : ""].filter(Boolean).join(" · ");
  if (run.state === "finished") return words;
  const why = run.state === "failed" ? [] : [withReason(t(`common.states.${run.state}`), run.reason)];
  return [...why, steps, words].join(" · ");
}

/** The pages of what can be asked of these runs' networks: [{text, href}]. */
function analysesOf(runs) {
  return catalog().analyses.flatMap((analysis) => {
    if (!runs.some(({ spec }) => fits(analysis, spec))) return [];
    return [{ text: t(`${analysis.name}.title`), href: analysisLink(analysis.name, { of: runs.map(({ id }) => id) }) }];
  });
}

/** How far an analysis is, or why it has no results. */
function analysing(run) {
  if (run.state === "queued") return standing(run);
  const done = t("runs.entry.results", { step: run.step, steps: run.steps });
  if (run.state === "failed") return t("runs.entry.failed", { reason: run.reason });
  if (["stopped", "interrupted"].includes(run.state)) {
    return [withReason(t(`common.states.${run.state}`), run.reason), done].join(" · ");
  }
  return done;
}

/** One of several facts in a line, with what stands before it. */
function spanOf(fact, index) {
  const span = make("span");
  span.append(index ? " · " : "", fact);
  return span;
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
