// /paths: which paths a trained network's gradient comes back on.
import { mount as mountChart } from "#charts/paths.js";
import { figures } from "#given.js";
import { WHAT, checks, pathsTable, sentences } from "#logic/paths.js";
import { t } from "#logic/words.js";
import { mount } from "#parts/analysispage.js";
import { mount as mountSegments } from "#parts/segments.js";

const at = (id) => document.getElementById(id);
const what = mountSegments(at("what"), WHAT, { chosen: () => page.again() });
const chart = mountChart(at("chart"), figures().paths, { title: () => t("charts.paths.title") });
const page = mount("paths", draw);

function draw(series, { specs }) {
  chart.update({ series, specs, what: what.value });
  return { sentences: sentences(series), look: t(`paths.look.${what.value}`), ...pathsTable(series), notes: checks(series) };
}
