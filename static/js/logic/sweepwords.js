// What a sweep came to, in sentences. Says only what was measured, and after how many steps.
import { keptOf, trainingWords } from "#logic/data.js";
import { edges } from "#logic/edge.js";
import { percent, plain } from "#logic/format.js";
import { gathered, measuresOf, points, progress } from "#logic/points.js";
import { settingWords, titleAt, within } from "#logic/specwords.js";
import { isPlain, skipName } from "#logic/skips.js";
import { DEPTH, nearest, ruleFor } from "#logic/sweep.js";
import { withReason } from "#logic/reasons.js";
import { has, t } from "#logic/words.js";

const or = (key, fallback) => (has(key) ? key : fallback);

/** A measure's number as people read it: errors in per cent, losses as they are. */
export function measured(measure, value) {
  return measure.endsWith("error") ? percent(value) : plain(value);
}

/** The swept field: "Depth". */
export const fieldName = titleAt;

/** The swept field as what something stands against: "learning rate". */
export function axisName(field) {
  return has(`depth.fields.${field}.axis`) ? t(`depth.fields.${field}.axis`) : within(titleAt(field));
}

/** One value of the swept field as part of a sentence: "56 layers", "lr 0.05". */
export function valueName(field, value) {
  const key = `depth.fields.${field}.value`;
  return typeof value !== "string" && has(key) ? t(key, { value }) : settingWords(field, value);
}

/** The chart's title: what against what, after how many steps, at which rate. */
export function titleOf({ field, base }, measure) {
  const axis = axisName(field);
  const facts = [];
  if (field !== "steps") facts.push(t("depth.chart.after", { steps: base.steps }));
  if (field !== "optimizer.lr") facts.push(t("depth.chart.lr", { lr: base.optimizer.lr }));
  if (field !== DEPTH) facts.push(t("depth.chart.at", { depth: base.net.depth }));
  return [t("depth.chart.title", { measure: t(`depth.measures.${measure}`), axis }), ...facts].join(", ");
}

/** What a point leads to: all networks of one value and seed, `n` of them. */
export function openWords(field, n) {
  return n > 1 ? t("depth.chart.open_all", { n, axis: axisName(field) }) : t("depth.chart.open_one");
}

/** What to look for in the chart, by what is swept and shown. */
export function lookFor(field, measure, data) {
  if (measure.endsWith("loss")) {
    return t(data.task === "regression" ? "depth.chart.look.loss_only" : "depth.chart.look.loss");
  }
  if (measure.startsWith("test")) return t("depth.chart.look.test");
  if (field === DEPTH) return t("depth.chart.look.depth");
  return t(field === "optimizer.lr" ? "depth.chart.look.lr" : "depth.chart.look.other");
}

/**
 * The largest sentence on the page, from training error alone; where the task has none, from
 * training loss. `data` are the data set's facts.
 *
 * Depth: both kinds at the deepest value that both have measured. Any other field: the best value
 * of each, since that answers whether a better choice saves the plain network.
 */
export function takeaway(plan, runs, data) {
  if (runs.length === 0) return t("depth.takeaway.ready");
  const [measure] = measuresOf(data);
  const cells = gathered(points(runs, plan.field, measure)).filter(({ n }) => n > 0);
  if (cells.length === 0) {
    return t(`depth.takeaway.${progress(runs).over ? "nothing" : "waiting"}`, { total: runs.length });
  }
  const [first, second] = spoken(plan);
  const of = (skip) => cells.filter((cell) => cell.skip === skip);
  const others = second === undefined ? [] : of(second);
  return plan.field === DEPTH
    ? deepest(plan, of(first), others, { measure, data })
    : best(plan, of(first), others, measure);
}

/** The kinds of network that sentences speak of; the chart and the table have all. */
const spoken = ({ skips }) => skips.slice(0, 2);

/** "(means of 3 seeds)" where these cells hold more than one. */
function seedWords(cells) {
  const counts = cells.map(({ n }) => n);
  const n = Math.min(...counts);
  if (Math.max(...counts) === 1) return "";
  return ` ${t(n === Math.max(...counts) ? "depth.takeaway.seeds" : "depth.takeaway.seeds_least", { n })}`;
}

function deepest(plan, ones, others, { measure, data }) {
  const shared = ones.filter(({ value }) => others.some((cell) => cell.value === value));
  const pool = shared.length ? shared : [...ones, ...others];
  const a = pool.reduce((deep, cell) => (cell.value > deep.value ? cell : deep));
  const b = shared.length ? others.find(({ value }) => value === a.value) : null;
  const at = valueName(plan.field, a.value);
  const seeds = seedWords(b ? [a, b] : [a]);
  const set = trainingWords(data.noun, keptOf(plan.base, data), a.count);
  const words = { at, steps: plan.base.steps, set, first: skipName(a.skip), a: measured(measure, a.mean), seeds };
  const kind = measure.endsWith("loss") ? "_loss" : "";
  return b
    ? t(`depth.takeaway.depth${kind}`, { ...words, second: skipName(b.skip), b: measured(measure, b.mean) })
    : t(`depth.takeaway.alone${kind}`, words);
}

function best(plan, ones, others, measure) {
  const least = (cells) => cells.reduce((low, cell) => (cell.mean < low.mean ? cell : low));
  const both = [ones, others].filter((cells) => cells.length).map(least);
  const values = both.map((cell) =>
    t("depth.takeaway.best_one", {
      name: skipName(cell.skip), value: measured(measure, cell.mean), where: valueName(plan.field, cell.value),
    }),
  );
  const list = `${values.join("; ")}${seedWords(both)}`;
  return plan.field === "steps"
    ? t("depth.takeaway.best_steps", { list, measure: t(`charts.measure.${measure}`) })
    : t("depth.takeaway.best", { list, measure: t(`charts.measure.${measure}`), steps: plan.base.steps });
}

/** What a person could try next, where the best value is the last that was tried: sentences. */
export function edgeWords(plan, runs, data, catalog) {
  const [measure] = measuresOf(data);
  const all = edges(plan, runs, measure, ruleFor(plan.field, plan.base, catalog));
  const found = all.filter(({ skip }) => spoken(plan).includes(skip));
  return ["least", "greatest"].flatMap((end) => {
    const names = found.filter((one) => one.end === end).map(({ skip }) => skipName(skip));
    return names.length ? [t(`depth.takeaway.edge_${end}`, { names: names.join(" + ") })] : [];
  });
}

/** The question, of which networks: "plain networks (without skips)". */
export function questionWords({ skip, measure }, prediction) {
  const name = skipName(skip);
  const words = { name, measure: t(`charts.measure.${measure}`) };
  if (prediction) return t("depth.question.yours", { ...words, prediction: t(`depth.question.${prediction}`) });
  const kind = t(`depth.question.kind.${isPlain(skip) ? "plain" : "other"}`, { name });
  return t("depth.question.text", { ...words, kind });
}

/** A verdict of logic/predict.js as two sentences: whether it was right, and what was measured. */
export function verdictWords(/** @type {Json} */ judgement, { steps, measure }) {
  const { key, prediction, skip, trend, from, to, start, end } = judgement;
  const words = { name: skipName(skip), measure: t(`charts.measure.${measure}`), steps, from, to };
  const first = t(`depth.verdict.${key}`, { ...words, prediction: t(`depth.question.${prediction}`) });
  if (!trend) return [first];
  const ends = { start: measured(measure, start), end: measured(measure, end) };
  return [first, t(`depth.verdict.trend.${trend}`, { ...words, ...ends })];
}

/** All that the chart shows, in words: one line for each kind of network. */
export function summary({ field }, runs, measure) {
  const cells = gathered(points(runs, field, measure));
  return [...new Set(cells.map(({ skip }) => skip))].map((skip) => {
    const mine = cells.filter((cell) => cell.skip === skip);
    const texts = ordered(mine).map((cell) => cellWords(field, cell, measure));
    return t("depth.summary.line", { name: capital(skipName(skip)), cells: texts.join("; ") });
  });
}

function ordered(cells) {
  return cells.every(({ value }) => typeof value === "number")
    ? [...cells].sort((a, b) => a.value - b.value)
    : cells;
}

function cellWords(field, { value, n, mean, min, max, diverged, failed }, measure) {
  const at = valueName(field, value);
  const parts = [];
  if (n > 1) {
    const range = { min: measured(measure, min), max: measured(measure, max), n };
    const key = range.min === range.max ? "depth.summary.alike" : "depth.summary.range";
    parts.push(t(key, { at, value: measured(measure, mean), ...range }));
  } else if (n === 1) {
    parts.push(t("depth.summary.cell", { at, value: measured(measure, mean) }));
  }
  if (diverged) parts.push(t("depth.summary.diverged", { at, n: diverged }));
  if (failed) parts.push(t("depth.summary.failed", { at, n: failed }));
  return parts.length ? parts.join(", ") : t("depth.summary.none", { at });
}

/** A cell of the table of runs: its number, or how it stands. */
export function cellText({ standing, y, step, steps }, measure) {
  switch (standing) {
    case "finished":
      return measured(measure, y);
    case "queued":
      return t("depth.grid.waiting");
    case "stopped":
      return t(step ? "depth.grid.stopped" : "depth.grid.unstarted", { step });
    default:
      return t(or(`depth.grid.${standing}`, "depth.grid.failed"), { step, steps });
  }
}

/**
 * The same for somebody who hears it, with the run's name and, for an error, the counts; `before`
 * says who is served before one that waits, if that is known.
 */
export function cellAbout(field, point, measure, before) {
  const { standing, lost, y, step, steps, count, reason } = point;
  const name = [skipName(point.skip), valueName(field, point.value), t("depth.grid.seed", { seed: point.seed })];
  return t("depth.grid.about", { name: name.join(", "), standing: standingWords() });

  function standingWords() {
    if (standing === "queued") return withReason(t("depth.standing.queued"), before);
    if (["stopped", "interrupted"].includes(standing)) {
      return withReason(t(`depth.standing.${standing}`, { step, steps }), reason);
    }
    if (standing !== "finished") {
      return t(`depth.standing.${standing}`, { step, steps, lost, reason: reason ?? "" });
    }
    const value = measured(measure, y);
    const words = { measure: t(`depth.measures.${measure}`), value };
    if (!measure.endsWith("error") || !count || y === null) return t("depth.standing.finished", words);
    return t("depth.standing.wrong", { ...words, wrong: Math.round(y * count), count });
  }
}

/** Why a rule of logic/sweep.js refuses a value, and what it allows. */
export function refusal(rule, value) {
  if (rule.choices.length) {
    return t("depth.plan.refuse.choice", { list: rule.choices.map((one) => settingWords(rule.path, one)).join(", ") });
  }
  if (!Number.isFinite(value)) return t("depth.plan.refuse.number");
  if (rule.kind === "integer" && !Number.isInteger(value)) return t("depth.plan.refuse.integer");
  if (rule.step > 1 && value > rule.minimum && value < rule.maximum) {
    return t("depth.plan.refuse.step", { value, near: nearest(rule, value).join(", ") });
  }
  const min = `${rule.above ? "> " : ""}${rule.minimum}`;
  const max = `${rule.below ? "< " : ""}${rule.maximum}`;
  return t("depth.plan.refuse.range", { min, max });
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
