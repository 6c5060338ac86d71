// An exported file: what one run or study came to, with all it needs inside.
import { mount as mountSweep } from "#charts/errorByDepth.js";
import { lesionTable, mount as mountLesion } from "#charts/lesion.js";
import { mount as mountPaths } from "#charts/paths.js";
import { table } from "#charts/table.js";
import { make, writeLines } from "#dom.js";
import { catalog, exported, figures } from "#given.js";
import { againLink } from "#logic/againlink.js";
import { titleOf as choiceTitle } from "#logic/choices.js";
import { dataOf } from "#logic/data.js";
import { fieldsOf } from "#logic/fields.js";
import { kindOf, runsOf } from "#logic/filter.js";
import { RunHistory } from "#logic/history.js";
import * as lesion from "#logic/lesion.js";
import * as paths from "#logic/paths.js";
import { measuresOf, points } from "#logic/points.js";
import { analysisTable, resultTable } from "#logic/results.js";
import { entryWords, lineNames, networkNames, trainedSpec } from "#logic/specwords.js";
import { skipName } from "#logic/skips.js";
import { skipOf } from "#logic/spec.js";
import { fromStudy } from "#logic/sweep.js";
import { lookFor, titleOf } from "#logic/sweepwords.js";
import { t } from "#logic/words.js";
import { mount as mountRuns } from "#parts/runcharts.js";
import { section } from "#parts/section.js";

const at = (id) => document.getElementById(id);
const known = catalog();
const fields = fieldsOf(known);
const { entry, events, address } = exported();
const runs = runsOf(entry);
const data = dataOf(runs[0].spec, known);

at("lacking").remove();
at("what").textContent = entryWords(entry, known.presets, fields);
at("again").append(...again());
const analysed = kindOf(entry) === "analysis";
const { columns, rows } = analysed ? analysisTable(entry, data) : resultTable(runs, data);
at("results").append(table(columns, rows));
if (analysed) showAnalysis();
else if (["twins", "run"].includes(kindOf(entry))) showRuns();
else showSweep();

function again() {
  const link = againLink(entry, known);
  const of = kindOf(entry) === "analysis" ? "_analysis" : "";
  if (address) return [make("a", { href: new URL(link, address).href, textContent: t(`charts.export.again${of}`) })];
  return [`${t(`charts.export.path${of}`)} `, make("code", { textContent: link.replace(/^\.?\/?/, "/") })];
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

/** The sentences, one chart for each thing that was done, or is shown, and all numbers. */
function showAnalysis() {
  const { analysis: name } = entry.analysis;
  const [label] = networkNames([entry], fields);
  const series = [{ label, skip: skipOf(entry.spec), history: historyOf(entry) }];
  const shown = { set: "test", measure: data.task === "regression" ? "loss" : "error" };
  const { mount, of, sentences, notes, numbers } = { lesion: lesionFile, paths: pathsFile }[name](series, shown);
  writeLines(at("takeaway"), sentences);
  for (const what of of) {
    const title = `${t(`charts.${name}.title`)}: ${t(`${name}.what.${what}`)}`;
    const { el, chart } = section(`${name}-${what}`, title, t(`${name}.look.${what}`));
    el.append(...notes(what).map((note) => make("p", { className: "small", textContent: note })));
    at("charts").append(el);
    mount(chart, figures()[name], { title: () => title }).update({ series, specs: [trainedSpec(entry)], what, ...shown, chance: data.chance });
  }
  at("charts").append(...numbers.map(({ title, columns, rows }, i) => numbersOf(`${name}-numbers-${i}`, title, columns, rows)));
}

function lesionFile(series, { set, measure }) {
  const tables = lesion.WHAT.of.flatMap((what) =>
    lesion.SETS.of.map((of) => ({
      title: `${t(`lesion.what.${what}`)}, ${t(`lesion.sets.${of}`).toLowerCase()}`,
      ...lesionTable(series, { what, set: of, measure }),
    })),
  );
  return {
    mount: mountLesion,
    of: lesion.WHAT.of,
    sentences: lesion.sentences(series, set, measure),
    notes: (what) => lesion.absences(series, { what, set, measure }),
    numbers: tables.filter(({ rows }) => rows.length > 1), // beside the intact network
  };
}

function pathsFile(series) {
  return {
    mount: mountPaths,
    of: paths.WHAT.of,
    sentences: paths.sentences(series),
    notes: (what) => (what === "share" ? paths.checks(series) : []),
    numbers: [{ title: t("charts.paths.title"), ...paths.pathsTable(series) }],
  };
}

/** A table of numbers, folded away. */
function numbersOf(id, title, columns, rows) {
  const el = make("details", { className: "panel exported-numbers" });
  const region = make("div", { className: "exported-results", tabIndex: 0, role: "region" });
  region.setAttribute("aria-labelledby", id);
  region.append(table(columns, rows));
  el.append(make("summary", { id, textContent: `${t("analysis.numbers")}: ${title}` }), region);
  return el;
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
