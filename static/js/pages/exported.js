// An exported file: what one run or study came to, with all it needs inside.
import { mount as mountSweep } from "#charts/errorByDepth.js";
import { mount as mountLesion } from "#charts/lesion.js";
import { mount as mountPaths } from "#charts/paths.js";
import { table } from "#charts/table.js";
import { make } from "#dom.js";
import { catalog, exported, figures } from "#given.js";
import { againLink } from "#logic/againlink.js";
import { titleOf as choiceTitle } from "#logic/choices.js";
import { dataOf } from "#logic/data.js";
import { fieldsOf } from "#logic/fields.js";
import { kindOf, runsOf } from "#logic/filter.js";
import { RunHistory } from "#logic/history.js";
import { WHAT as DONE } from "#logic/lesion.js";
import { WHAT as SHOWN } from "#logic/paths.js";
import { measuresOf, points } from "#logic/points.js";
import { resultTable } from "#logic/results.js";
import { entryWords, lineNames } from "#logic/specwords.js";
import { skipName } from "#logic/skips.js";
import { skipOf } from "#logic/spec.js";
import { fromStudy } from "#logic/sweep.js";
import { lookFor, titleOf } from "#logic/sweepwords.js";
import { t } from "#logic/words.js";
import { mount as mountRuns } from "#parts/runcharts.js";
import { section } from "#parts/section.js";

const OF_LESION = { mount: mountLesion, WHAT: DONE };
const OF_PATHS = { mount: mountPaths, WHAT: SHOWN };
const at = (id) => document.getElementById(id);
const known = catalog();
const fields = fieldsOf(known);
const { entry, events, address } = exported();
const runs = runsOf(entry);
const data = dataOf(runs[0].spec, known);

at("lacking").remove();
at("what").textContent = entryWords(entry, known.presets, fields);
at("again").append(...again());
const { columns, rows } = resultTable(runs, data);
at("results").append(table(columns, rows));
if (kindOf(entry) === "analysis") showAnalysis();
else if (["twins", "run"].includes(kindOf(entry))) showRuns();
else showSweep();

function again() {
  const link = againLink(entry, known);
  if (address) return [make("a", { href: new URL(link, address).href, textContent: t("charts.export.again") })];
  return [`${t("charts.export.path")} `, make("code", { textContent: link.replace(/^\.?\/?/, "/") })];
}

function showRuns() {
  const names = lineNames(runs.map(({ spec }) => spec), fields);
  const series = runs.map((run, i) => ({ label: names[i], skip: skipOf(run.spec), history: historyOf(run) }));
  mountRuns(at("charts"), series, data);
}

/** All that a run said. */
function historyOf(run) {
  const history = new RunHistory(run.id, run.spec);
  history.add(events[run.id]);
  history.takeState(run);
  return history;
}

/** One chart for each thing that was done, or is shown. */
function showAnalysis() {
  const { analysis: name } = entry.analysis;
  const { mount, WHAT } = { lesion: OF_LESION, paths: OF_PATHS }[name];
  const skip = skipOf(entry.spec);
  const series = [{ label: skipName(skip), skip, history: historyOf(entry) }];
  const measure = data.task === "regression" ? "loss" : "error";
  for (const what of WHAT.of) {
    const title = `${t(`charts.${name}.title`)}: ${t(`${name}.what.${what}`)}`;
    const { el, chart } = section(`${name}-${what}`, title, t(`${name}.look.${what}`));
    at("charts").append(el);
    mount(chart, figures()[name], { title: () => title }).update({ series, specs: [entry.spec], what, set: "test", measure, chance: data.chance });
  }
}

function showSweep() {
  const plan = fromStudy(entry.spec);
  const { field, values } = plan;
  const titles = values.map((value) => choiceTitle(field, value, known));
  for (const measure of measuresOf(data)) {
    const title = titleOf(plan, measure);
    const { el, chart } = section(measure, title, lookFor(field, measure, data));
    at("charts").append(el);
    const drawn = points(runs, field, measure).map((point) => ({ ...point, label: skipName(point.skip) }));
    mountSweep(chart, figures().errorByDepth, { title: () => title }).update({ points: drawn, specs: runs.map(({ spec }) => spec), field, measure, values, titles, chance: data.chance });
  }
}
