// Marks at the steps at which something was changed while the runs trained.
import { changesOf } from "#logic/changes.js";
import { changeWords } from "#logic/specwords.js";
import { t } from "#logic/words.js";

const MOST = 12; // marks with a label; of more, the table of changes tells
const ROWS = 3; // labels that would meet stand below one another

/**
 * Lines and labels for a chart over steps. A change counts from a step on, so its line stands before that.
 *
 * @param {Json[]} series
 * @param {{font: number, ink: string, muted: string, paper: string}} figure
 * @param {{x?: string, y?: string, perStep: number}} axes Plotly's names, and pixels of a step
 * @returns {{shapes: Json[], annotations: Json[]}}
 */
export function changeMarks(series, { font, ink, paper }, { x = "x", y = "paper", perStep }) {
  const changes = changesOf(series.filter(({ ghost }) => !ghost).map(({ history }) => history));
  const shapes = changes.map(({ step }) => ({
    type: "line", xref: x, x0: step - 0.5, x1: step - 0.5, yref: y, y0: 0, y1: 1,
    line: { color: ink, width: Math.max(1, font / 12), dash: "dot" },
  }));
  const ends = Array(ROWS).fill(-Infinity); // where the last label of each row ends, in pixels
  const annotations = changes.slice(0, MOST).flatMap(({ step, set }) => {
    const text = changeWords(set);
    const from = (step - 0.5) * perStep;
    const row = ends.findIndex((end) => end < from);
    if (row < 0) return [];
    ends[row] = from + (text.length * 0.56 + 1.2) * font;
    return [{
      text, xref: x, x: step - 0.5, xanchor: "left", xshift: 2, yref: y, y: 1, yanchor: "top",
      yshift: -row * 1.35 * font, bgcolor: paper, borderpad: 1, font: { color: ink, size: font },
    }];
  });
  return { shapes, annotations };
}

/** The same for who does not see them; empty where nothing was changed. */
export function changesSummary(series) {
  const changes = changesOf(series.filter(({ ghost }) => !ghost).map(({ history }) => history));
  return changes.map(({ step, set }) => t("charts.summary.changed", { what: changeWords(set), step })).join(" ");
}
