// A page that asks trained networks one question: which networks, how far it is, what came of it.
import { analyse, list, read } from "#api.js";
import { swatch } from "#charts/swatch.js";
import { table } from "#charts/table.js";
import { button, make, write, writeLines } from "#dom.js";
import { catalog } from "#given.js";
import { MOST, analysisLink, askedIn, fits } from "#logic/analysis.js";
import { dataOf } from "#logic/data.js";
import { failureOf, isGone } from "#logic/failure.js";
import { fieldsOf } from "#logic/fields.js";
import { networkNames, networkWords, trainedSpec } from "#logic/specwords.js";
import { skipOf } from "#logic/spec.js";
import { ended } from "#logic/states.js";
import { withReason } from "#logic/reasons.js";
import { t } from "#logic/words.js";
import { mount as mountForm } from "#parts/analysisform.js";
import { complain } from "#parts/complaint.js";
import { fileUrl } from "#parts/decimal.js";
import { copyLink } from "#parts/share.js";
import { RunStore } from "#runstore.js";

const LISTED = 50;
const at = (id) => document.getElementById(id);

/**
 * Run the page of one analysis.
 *
 * @param {string} name
 * @param {(series: Json[], about: {specs: Json[], data: Json}) => Json} draw shows {label, skip, history} of
 *   each, and returns what is to be read: {sentences, look, columns, rows, notes}
 * @returns {{again: () => void}} `again` draws what is shown another way
 */
export function mount(name, draw) {
  const known = catalog();
  const settingsTable = fieldsOf(known);
  const entry = known.analyses.find((one) => one.name === name);

  const state = {
    networks: [], // the runs that are to be asked
    offered: [], // runs that could be
    listed: false, // whether that is known
    busy: false,
    frame: 0,
  };
  const analyses = new RunStore({ changed: soon, gone: () => notice(t("analysis.gone")) });
  const shown = () => analyses.followed.flatMap((one) => one.runs);

  const form = mountForm(at("settings"), entry.fields);

  at("share").addEventListener("click", () => copyLink(t("depth.actions.copied")));
  at("add").addEventListener("change", () => {
    const run = state.offered.find(({ id }) => id === at("add").value);
    if (run) state.networks = [...state.networks, run].slice(0, MOST);
    writeLink();
    render();
  });
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });

  begin();

  async function begin() {
    const asked = askedIn(window.location.search);
    const [show, of] = await Promise.all([all(asked.show), all(asked.of)]);
    const own = show.filter(({ analysis }) => analysis?.analysis === name);
    const networks = of.filter(({ analysis }) => !analysis);
    for (const run of own) analyses.run(run);
    state.networks = networks.filter(({ spec }) => fits(entry, spec));
    const [unfit] = networks.filter(({ spec }) => !fits(entry, spec));
    if (unfit) notice(t("analysis.unfit", { label: networkWords(unfit, settingsTable) }));
    if (own.length < show.length || networks.length < of.length) notice(t("analysis.other"));
    render();
    try {
      const { items } = await list("runs", { limit: LISTED });
      state.listed = true;
      state.offered = items.filter(({ network, spec }) => network !== null && fits(entry, spec));
      const again = shown().map(({ summary }) => summary.analysis.of); // as they were asked, to be asked otherwise
      if (state.networks.length === 0) state.networks = again.flatMap((id) => state.offered.filter((run) => run.id === id));
    } catch (problem) {
      notice(failureOf(problem));
    }
    render();
  }

  /** Runs by their ids; what is not there is told of. */
  async function all(ids) {
    const answers = await Promise.allSettled(ids.map((id) => read("runs", id)));
    const found = [];
    for (const answer of answers) {
      if (answer.status === "fulfilled") found.push(answer.value);
      else notice(isGone(answer.reason) ? t("analysis.gone") : failureOf(answer.reason));
    }
    return found;
  }

  async function start() {
    state.busy = true;
    notice("");
    render();
    const asked = state.networks;
    const before = analyses.followed;
    try {
      // What is on show stays, with all that can be pressed, until something takes its place.
      for (const { id } of asked) {
        const run = await analyse({ analysis: name, of: id, ...form.values });
        for (const one of before.splice(0)) one.close();
        analyses.run(run);
      }
    } catch (problem) {
      complain(problem);
    }
    state.busy = false;
    writeLink();
    render();
  }

  async function cancel(id) {
    await analyses.find(id)?.control("stop").catch(complain);
  }

  function writeLink() {
    const show = shown().map(({ id }) => id);
    const link = analysisLink(name, { show, of: show.length ? [] : state.networks.map(({ id }) => id) });
    window.history.replaceState(null, "", link);
  }

  function notice(text) {
    at("notices").replaceChildren(...(text ? [make("p", { className: "notice", textContent: text })] : []));
  }

  function soon() {
    if (state.frame) return;
    state.frame = window.requestAnimationFrame(() => {
      state.frame = 0;
      render();
    });
  }

  function render() {
    showForm();
    const runs = shown();
    at("result").hidden = runs.length === 0;
    if (runs.length === 0) return;
    const specs = runs.map(({ summary }) => trainedSpec(summary));
    const names = networkNames(runs.map(({ summary }) => summary), settingsTable);
    const series = runs.map(({ history, summary }, i) => ({ label: names[i], skip: skipOf(specs[i]), history, summary }));
    showAnalyses(series);
    const said = draw(series, { specs, data: dataOf(specs[0], known) });
    writeLines(at("takeaway"), said.sentences);
    write(at("look"), said.look);
    at("numbers").replaceChildren(table(said.columns, said.rows));
    write(at("notes"), said.notes.join(" "));
  }

  function showForm() {
    const taken = new Set(state.networks.map(({ id }) => id));
    const rest = state.offered.filter(({ id }) => !taken.has(id));
    const none = rest.length + taken.size === 0;
    at("empty").hidden = !none || !state.listed;
    at("form").hidden = none;
    at("add").replaceChildren(new Option(t("analysis.ask.choose"), ""), ...rest.map((run) => new Option(networkWords(run, settingsTable), run.id)));
    at("add").disabled = taken.size >= MOST;
    at("start").disabled = state.busy || taken.size === 0;
    const shown = [...at("networks").children].map(({ dataset }) => dataset.id);
    if (shown.join() === [...taken].join()) return;
    at("networks").replaceChildren(...state.networks.map(network));
  }

  function network(run) {
    const item = make("li");
    item.dataset.id = run.id;
    const name = networkWords(run, settingsTable);
    const drop = button(t("analysis.ask.drop"), () => {
      state.networks = state.networks.filter((one) => one !== run);
      writeLink();
      render();
      at("add").focus();
    }, { className: "quiet" });
    drop.setAttribute("aria-label", t("analysis.ask.drop_one", { name }));
    item.append(swatch(skipOf(run.spec)), make("span", { textContent: name }), drop);
    return item;
  }

  /** Each analysis: how far it is, and its files. */
  function showAnalyses(series) {
    const el = at("analyses");
    if ([...el.children].map(({ dataset }) => dataset.id).join() !== shown().map(({ id }) => id).join()) {
      el.replaceChildren(...series.map(analysisItem));
    }
    series.forEach(({ summary }, i) => {
      const item = el.children[i];
      const bar = item.querySelector("progress");
      bar.hidden = ended(summary.state);
      bar.value = summary.step / Math.max(1, summary.steps);
      write(item.querySelector(".standing"), standing(summary));
      item.querySelector(".cancel").hidden = ended(summary.state) || !summary.mine;
    });
  }

  function analysisItem({ label, skip, summary: { id } }) {
    const item = make("li");
    item.dataset.id = id;
    const stop = button(t("analysis.cancel"), () => cancel(id), { className: "cancel" });
    stop.setAttribute("aria-label", t("analysis.cancel_one", { label }));
    const files = ["csv", "json", "html"].map((format) => {
      const link = make("a", { className: "button", download: "", href: fileUrl("runs", id, format), textContent: format.toUpperCase() });
      link.setAttribute("aria-label", t("analysis.file", { format: format.toUpperCase(), label }));
      return link;
    });
    const bar = make("progress", { max: 1 });
    bar.setAttribute("aria-label", label);
    item.append(swatch(skip), make("strong", { textContent: label }), bar, make("span", { className: "standing small" }), stop, ...files);
    return item;
  }

  function standing({ state: now, step, steps, reason }) {
    if (now === "queued") return t("common.states.queued");
    if (now === "failed") return t("runs.entry.failed", { reason: reason ?? "" });
    const done = t("runs.entry.results", { step, steps });
    return ["stopped", "interrupted"].includes(now) ? [withReason(t(`common.states.${now}`), reason), done].join(" · ") : done;
  }

  return { again: render };
}
