// What a sweep has measured: the sentence, the chart, the table of runs, the words, the files.
import { mount as mountChart } from "#charts/errorByDepth.js";
import { write, writeLines } from "#dom.js";
import { catalog, figures } from "#given.js";
import { besideLink } from "#logic/gradientslink.js";
import { titleOf as choiceTitle } from "#logic/choices.js";
import { verdict } from "#logic/predict.js";
import { MEASURES, gathered, measuresOf, partial, points, progress, timeLeft } from "#logic/points.js";
import { skipName } from "#logic/skips.js";
import { DEPTH } from "#logic/sweep.js";
import {
  edgeWords, lookFor, openWords, summary, takeaway, titleOf, valueName, verdictWords,
} from "#logic/sweepwords.js";
import { seconds } from "#logic/format.js";
import { waitingWords } from "#logic/waiting.js";
import { earlyEnds } from "#logic/reasons.js";
import { t } from "#logic/words.js";
import { connectionWords } from "#parts/connection.js";
import { decimalSwitch, fileUrl } from "#parts/decimal.js";
import { mount as mountGrid } from "#parts/rungrid.js";
import { mount as mountSegments } from "#parts/segments.js";
import { copyLink } from "#parts/share.js";

/**
 * Mounts on the result section of templates/depth.html.
 *
 * `measured(name)` is called when another measure is asked for. update({plan, study, runs,
 * measure, prediction, asked, untold, connection, data, lacks, now}): `plan` is what is shown, `data`
 * its data set, `prediction` what was answered to what was `asked` (see parts/question.js), `untold`
 * whether what to look for stays hidden, `lacks` what the server lacks of its data, if anything (see
 * parts/datachoice.js).
 */
export function mount(el, { measured }) {
  const at = (id) => el.querySelector(`#${id}`);
  const known = catalog();
  let title = "";
  let shown = []; // points
  at("actions").insertBefore(decimalSwitch(), at("in-runs"));
  const grid = mountGrid(at("grid"));
  const chart = mountChart(at("chart"), figures().errorByDepth, {
    title: () => title,
    onPoint: (id) => window.location.assign(link(id)),
    href: link,
  });
  const measures = mountSegments(at("measures"), { of: MEASURES, words: "depth.measures" }, { chosen: measured });
  at("share").addEventListener("click", () => copyLink(t("depth.actions.copied")));

  return {
    update({ plan, study, runs, measure, prediction, asked, untold, connection, data, lacks, now }) {
      const all = points(runs, plan.field, measure);
      shown = all;
      const how = progress(runs);
      title = titleOf(plan, measure);
      const incomplete = how.total > 0 && (!how.over || partial(runs)) && how.measured < how.total;
      write(at("chart-title"), incomplete ? `${title} (${t("depth.chart.partial", { n: how.measured, total: how.total })})` : title);
      write(at("takeaway"), takeaway(plan, runs, data));
      write(at("edge"), edgeWords(plan, runs, data, known).join(" "));
      at("edge").hidden = at("edge").textContent === "";
      write(at("look"), [lookFor(plan.field, measure, data), ...markWords(plan, all)].join(" "));
      at("look").hidden = untold;
      showVerdict(at("verdict"), { plan, runs, prediction, asked, how });
      measures.update(measuresOf(data), measure);
      const { field, values } = plan;
      const titles = values.map((value) => choiceTitle(field, value, known));
      chart.update({ points: all.map(drawn), specs: runs.map(({ spec }) => spec), field, measure, values, titles, chance: data.chance });
      el.classList.toggle("unmeasured", runs.length === 0);
      if (runs.length) grid.update({ field: plan.field, measure, runs, href: link });
      showProgress(at, { study, how, runs, plan, connection, lacks, now });
      at("summary-panel").hidden = how.measured === 0 && !how.over;
      writeLines(at("summary"), [`${title}.`, ...summary(plan, runs, measure)]);
      if (!study) return;
      for (const link of el.querySelectorAll("[data-format]")) {
        link.href = fileUrl("studies", study.id, link.dataset.format);
      }
    },
  };

  function link(id) {
    return besideLink(shown, id);
  }

  /** A point as the chart takes it: one curve for each skip. */
  function drawn(point) {
    return { ...point, label: skipName(point.skip), skip: point.skip };
  }
}

/** What the marks are, and where they lead, once there are some. */
function markWords({ field, skips }, all) {
  if (all.length === 0) return [];
  const n = Math.max(0, ...gathered(all).map((cell) => cell.n));
  return [...(n > 1 ? [t("depth.chart.fewer", { n })] : []), openWords(field, skips.length)];
}

function showVerdict(el, { plan, runs, prediction, asked: { skip, measure }, how }) {
  const judged = plan.field === DEPTH && (how.measured > 0 || how.over);
  const cells = gathered(points(runs, plan.field, measure));
  const judgement = judged ? verdict(prediction, cells, { skip, depths: plan.values, over: how.over }) : null;
  el.hidden = judgement === null;
  if (judgement === null) return;
  const sofar = how.over ? [] : [t("depth.verdict.sofar", { n: how.measured, total: how.total })];
  writeLines(el, [...verdictWords(judgement, { steps: plan.base.steps, measure }), ...sofar]);
}

function showProgress(at, { study, how, runs, plan, connection, lacks, now }) {
  at("progress").hidden = !study;
  if (!study) return;
  // One that diverged is finished before its last step; one that was stopped never is.
  const share = runs.reduce((sum, { state, step, steps }) => sum + (state === "finished" ? 1 : Math.min(1, step / steps)), 0);
  at("bar").value = share / Math.max(1, how.total);
  at("bar").hidden = how.over;
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
    how.going.length === 0 && how.waiting[0]?.waits ? waitingWords(how.waiting[0].waits, study.mine) : "",
    connectionWords([connection]),
    failure ? t("depth.progress.reason", { reason: failure }) : "",
    ...earlyEnds(runs),
  ];
  write(at("going"), going.filter(Boolean).join(" · "));
  // Where all is measured, the table says so.
  at("progress").hidden = how.measured === how.total && at("going").textContent === "";
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
