// What came of runs, as a table: one row for each.
import { divergence } from "#logic/divergence.js";
import { percent, plain } from "#logic/format.js";
import { measuresOf, standing } from "#logic/points.js";
import { skipName } from "#logic/skips.js";
import { skipOf } from "#logic/spec.js";
import { stateWords } from "#logic/states.js";
import { t } from "#logic/words.js";

const HEADS = ["table.run", "table.network", "field.net_depth", "table.seed", "table.state", "table.step"];

/**
 * Runs of one data set, as the server lists them: {columns, rows}, a column for each measure.
 *
 * @param {any[]} runs
 * @param {{task: string}} data the data set's facts
 */
export function resultTable(runs, data) {
  const measures = measuresOf(data);
  return {
    columns: [
      ...HEADS.map((name) => t(`charts.${name}`)),
      ...measures.map((measure) => t(`charts.measure.${measure}`)),
    ],
    rows: runs.map((run) => [
      run.id,
      skipName(skipOf(run.spec)),
      run.spec.net.depth,
      run.spec.seed,
      standsAs(run),
      run.step,
      ...measures.map((measure) => measured(run, measure)),
    ]),
  };
}

/**
 * An analysis of data of this kind: {columns, rows}, with the measures of the intact network.
 *
 * @param {Json} run an analysis, as the server lists it
 * @param {{task: string}} data the data set's facts
 */
export function analysisTable(run, data) {
  const measures = measuresOf(data);
  const { trained } = run.analysis;
  const heads = HEADS.slice(1, -1).map((head) => t(`charts.${head}`));
  return {
    columns: [
      t("charts.table.analysis"),
      ...heads,
      t("charts.table.trained"),
      t("charts.table.results"),
      ...measures.map((measure) => t("charts.table.intact", { measure: t(`charts.measure.${measure}`) })),
    ],
    rows: [[
      run.id,
      skipName(skipOf(run.spec)),
      run.spec.net.depth,
      run.spec.seed,
      standsAs(run),
      Number.isFinite(trained) ? t("charts.table.part", { done: trained, all: run.spec.steps }) : "",
      t("charts.table.part", { done: run.step, all: run.steps }),
      ...measures.map((measure) => valueWords(run.result, measure)),
    ]],
  };
}

function standsAs(run) {
  if (standing(run) === "diverged") return t("charts.table.diverged", { lost: divergence(run.result) });
  return run.reason ? `${stateWords(run)}: ${run.reason}` : stateWords(run);
}

/** A measure in words; one that is older than the run's last step says of which it is. */
function measured({ result, step }, measure) {
  const text = valueWords(result, measure);
  return text === "" || result.evaluated === step ? text : t("charts.table.at_step", { value: text, step: result.evaluated });
}

function valueWords(result, measure) {
  const value = result?.[measure];
  if (!Number.isFinite(value)) return "";
  return measure.endsWith("error") ? percent(value) : plain(value);
}
