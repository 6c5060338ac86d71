// What a sweep has measured: the sentence, the chart, the table of runs, the words, the files.
import { mount as mountChart } from "../charts/errorByDepth.js";
import { catalog, exportUrl, figures } from "../api.js";
import { write, writeLines } from "../dom.js";
import { titleOf as choiceTitle } from "../logic/choices.js";
import { verdict } from "../logic/predict.js";
import { gathered, measuresOf, partial, points, progress, timeLeft } from "../logic/points.js";
import { roleOf, skipName } from "../logic/short.js";
import { edgeWords, lookFor, summary, takeaway, titleOf, valueName, verdictWords } from "../logic/sweepwords.js";
import { seconds } from "../logic/format.js";
import { t } from "../logic/words.js";
import { mount as mountGrid } from "./rungrid.js";
import { copyLink } from "./share.js";

/** Where a run of a sweep opens. */
export const runLink = (id) => `/gradients?run=${id}`;

/**
 * Mounts on the result section of templates/depth.html.
 *
 * `measured(name)` is called when another measure is asked for. update({plan, study, runs,
 * measure, prediction, connection, data, lacks, now}): `plan` is what is shown, `data` its data
 * set, `lacks` what the server lacks of one, if anything (see parts/datachoice.js).
 */
export function mount(el, { measured }) {
  const at = (id) => el.querySelector(`#${id}`);
  const known = catalog();
  let title = "";
  const grid = mountGrid(at("grid"));
  const chart = mountChart(at("chart"), figures().errorByDepth, {
    title: () => title,
    onPoint: (id) => window.location.assign(runLink(id)),
  });
  const measures = [...el.querySelectorAll("[data-measure]")];
  for (const button of measures) {
    button.addEventListener("click", () => measured(button.dataset.measure));
  }
  at("share").addEventListener("click", () => copyLink(t("depth.actions.copied")));

  return {
    update({ plan, study, runs, measure, prediction, connection, data, lacks, now }) {
      const all = points(runs, plan.field, measure);
      const how = progress(runs);
      title = titleOf(plan, measure);
      const short = how.total > 0 && (!how.over || partial(runs)) && how.measured < how.total;
      write(at("chart-title"), short ? `${title} (${t("depth.chart.partial", { n: how.measured, total: how.total })})` : title);
      write(at("takeaway"), takeaway(plan, runs, data));
      write(at("edge"), edgeWords(plan, runs, data, known).join(" "));
      at("edge").hidden = at("edge").textContent === "";
      write(at("look"), [lookFor(plan.field, measure, data), spreadWords(gathered(all))].join(" "));
      showVerdict(at("verdict"), plan, runs, prediction, how, measuresOf(data)[0]);
      for (const button of measures) {
        button.hidden = !measuresOf(data).includes(button.dataset.measure);
        button.setAttribute("aria-pressed", String(button.dataset.measure === measure));
      }
      const { field, values } = plan;
      const titles = values.map((value) => choiceTitle(field, value, known));
      chart.update({ points: all.map(drawn), field, measure, values, titles, chance: data.chance });
      el.classList.toggle("unmeasured", runs.length === 0);
      if (runs.length) grid.update({ field: plan.field, measure, runs, href: runLink });
      showProgress(at, { study, how, runs, plan, connection, lacks, now });
      at("summary-panel").hidden = how.measured === 0 && !how.over;
      writeLines(at("summary"), [`${title}.`, ...summary(plan, runs, measure)]);
      if (!study) return;
      for (const link of el.querySelectorAll("[data-format]")) {
        link.href = exportUrl("studies", study.id, link.dataset.format);
      }
    },
  };

  /** A point as the chart takes it: one curve for each skip. */
  function drawn(point) {
    return { ...point, label: skipName(point.skip), role: roleOf(point.skip) };
  }
}

function spreadWords(cells) {
  const n = Math.max(0, ...cells.map((cell) => cell.n));
  return n > 1 ? t("depth.chart.fewer", { n }) : t("depth.chart.one");
}

function showVerdict(el, plan, runs, prediction, how, measure) {
  const said =
    plan.field === "net.depth"
      ? verdict(prediction, gathered(points(runs, plan.field, measure)), plan.values)
      : null;
  el.hidden = said === null;
  if (said) {
    writeLines(el, verdictWords(said, { steps: plan.base.steps, n: how.measured, total: how.total, measure }));
  }
}

function showProgress(at, { study, how, runs, plan, connection, lacks, now }) {
  const box = at("progress");
  box.hidden = !study;
  if (!study) return;
  // One that diverged is finished before its last step; one that was stopped never is.
  const share = runs.reduce((sum, { state, step, steps }) => sum + (state === "finished" ? 1 : Math.min(1, step / steps)), 0);
  at("bar").value = share / Math.max(1, how.total);
  const left = how.over ? null : timeLeft(runs, now);
  const words = [
    how.over
      ? partial(runs)
        ? t("depth.progress.cancelled", { done: how.measured, total: how.total })
        : t("depth.progress.over", { total: how.total })
      : t("depth.progress.text", { done: how.done, total: how.total }),
    left === null ? "" : t("depth.progress.left", { left: seconds(Math.max(1, Math.round(left))) }),
    how.counts.diverged ? t("depth.progress.diverged", { n: how.counts.diverged }) : "",
    how.counts.failed ? t("depth.progress.failed", { n: how.counts.failed }) : "",
    study.mine || how.over ? "" : t("depth.not_mine"),
  ];
  write(at("progress-text"), words.filter(Boolean).join(" · "));
  const names = how.going.map((run) => runName(run, plan.field));
  const failure = runs.find(({ state, reason }) => state === "failed" && reason)?.reason;
  const going = [
    names.length ? goingWords(names, lacks) : "",
    how.waiting.length ? t("depth.progress.waiting", { n: how.waiting.length }) : "",
    how.going.length === 0 && how.waiting[0]?.place > 1
      ? t("depth.progress.place", { place: how.waiting[0].place })
      : "",
    connection === "unreachable" ? t("common.retrying") : "",
    connection === "lost" ? t("common.reconnecting") : "",
    failure ? t("depth.progress.reason", { reason: failure }) : "",
  ];
  write(at("going"), going.filter(Boolean).join(" · "));
}

function goingWords(names, lacks) {
  return lacks?.amount
    ? t("depth.progress.downloading", lacks)
    : t("depth.progress.going", { names: names.join("; ") });
}

function runName({ spec }, field) {
  const [point] = points([{ id: "", spec, result: null, state: "running", step: 0, steps: 0 }], field, "train_error");
  const seed = t("depth.grid.seed", { seed: point.seed });
  return `${skipName(point.skip)} ${valueName(field, point.value)}, ${seed}`;
}
