// /lesion: what trained networks do without one of their blocks, or with some in another order.
import { lesionTable, mount as mountChart } from "#charts/lesion.js";
import { figures } from "#given.js";
import { SETS, WHAT, absences, sentences } from "#logic/lesion.js";
import { t } from "#logic/words.js";
import { mount } from "#parts/analysispage.js";
import { mount as mountSegments } from "#parts/segments.js";

const at = (id) => document.getElementById(id);
const what = mountSegments(at("what"), WHAT, { chosen: () => page.again() });
const sets = mountSegments(at("sets"), SETS, { chosen: () => page.again() });
const chart = mountChart(at("chart"), figures().lesion, { title: () => t("charts.lesion.title") });
const page = mount("lesion", draw);

function draw(series, { specs, data }) {
  const measure = data.task === "regression" ? "loss" : "error";
  const shown = { what: what.value, set: sets.value, measure };
  chart.update({ series, specs, ...shown, chance: data.chance });
  return {
    sentences: sentences(series, shown.set, measure),
    look: t(`lesion.look.${shown.what}`),
    ...lesionTable(series, shown),
    notes: absences(series, shown),
  };
}
