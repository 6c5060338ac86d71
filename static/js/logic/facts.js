// The pair in numbers: what the table below the charts says.
import { bytes, count, percent, plain, scientific, seconds } from "#logic/format.js";
import { averageOf, rateOf } from "#logic/pace.js";
import { t } from "#logic/words.js";

const ERRORS = ["train_error", "test_error"];
const LOSSES = ["train_loss", "test_loss"];
const BESIDE = ["projection", "gate", "excitation"];
const COUNTS = { train_error: "count", train_loss: "count", test_error: "test_count", test_loss: "test_count" };

/**
 * Rows of a table with a column for each network.
 *
 * @param {Json[]} histories of both networks, in the page's order
 * @returns {{name: string, cells: {text: string, note: string}[]}[]}
 */
export function factsOf(histories) {
  return [
    ...[...ERRORS, ...LOSSES].map((metric) => row(metric, histories, (history) => measured(history, metric))),
    row("params", histories, ({ started }) => cell(started && count(started.params))),
    row("layers", histories, layers),
    row("rate", histories, (history) => cell(number(history.ended ? averageOf(history) : rateOf(history)))),
    row("time", histories, (history) => cell(time(history))),
    row("steps_per_epoch", histories, ({ started }) => cell(started && count(started.steps_per_epoch))),
    row("memory", histories, ({ started }) => cell(started?.memory && bytes(started.memory.needed))),
    row("device", histories, ({ started }) => cell(started?.engine.device)),
    row("seed", histories, ({ spec }) => cell(String(spec.seed))),
  ].filter(({ cells }) => cells.some(({ text }) => text !== ""));
}

function row(name, histories, cell) {
  return { name: t(`lab.facts.${name}`), cells: histories.map(cell) };
}

function cell(text, note = "") {
  return { text: text || "", note };
}

function measured({ evaluations }, metric) {
  const last = evaluations.at(-1);
  if (!last) return cell(t("lab.facts.none"));
  const at = t("lab.facts.at", { step: last.step });
  const value = last[metric];
  // A task without right and wrong answers has no error at all; null is one that is not finite.
  if (value === undefined) return cell("");
  const of = last[COUNTS[metric]];
  if (!ERRORS.includes(metric)) {
    return cell(plain(value), of ? `${t("lab.facts.on", { count: count(of) })}, ${at}` : at);
  }
  if (!Number.isFinite(value) || !of) return cell(percent(value), at);
  const wrong = t("lab.facts.of", { wrong: count(value * of), count: count(of) });
  return cell(percent(value), `${wrong}, ${at}`);
}

/** The layers of the main path; beside it, those of shortcuts, gates and what follows a branch. */
function layers({ started }) {
  if (!started) return cell("");
  const others = started.other_layers ?? [];
  const counts = BESIDE.map((kind) => ({ kind, n: others.filter((one) => one.kind === kind).length }));
  const list = counts.filter(({ n }) => n).map(({ kind, n }) => t(`lab.facts.${kind}`, { n })).join(", ");
  return cell(count(started.layers.length), list ? t("lab.facts.beside", { list }) : "");
}

function number(rate) {
  return rate === null ? "" : scientific(rate);
}

function time({ frames }) {
  const spent = frames.at(-1)?.time;
  return spent ? seconds(spent) : "";
}
