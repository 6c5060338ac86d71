// How large a gradient is beside that at the last block: for strips, charts and sentences alike.
import { count, scientific } from "#logic/format.js";
import { FLOW, absences, known, valuesIn, measureOf, placesOf } from "#logic/measures.js";
import { has, t } from "#logic/words.js";

/** What arrives at the first block is called vanishing below this share of the last block's ... */
const VANISHES = 1e-3;
/** ... and exploding beyond this multiple of it. */
const EXPLODES = 1e3;
/** Less than this much either way is called about the same. */
const ALIKE = 1.1;

/** Of a weight that is 0 there is none: what is divided by 0 has no value. */
const UPDATE = "update_ratio";

const isBlock = (/** @type {Json} */ { kind }) => kind === "block";

/** What a reader chooses of the gradient charts, the default first; `words` is where its words stand. */
export const SCALE = { of: ["relative", "absolute"], words: "flow.scale" };

/**
 * What is shown of these series: a measure by name (`quantity`), what runs say of it (`about`), whether
 * beside the last block's (`relative`: an update's size, say, has a yardstick of its own), and whether
 * its axis is even (`linear`) and not one of powers of ten. `gaps`: where it has no value, that need be no overflow.
 * `backward`: it is of a gradient. `lacking`: which series lack it, and why.
 *
 * @param {{quantity?: string, scale?: string, series?: {label?: string, history: Json}[]}} shown
 */
export function howOf({ quantity = FLOW, scale = "relative", series = [] }) {
  const about = known(series.map(({ history }) => history), quantity);
  const comparable = about?.relative ?? quantity === FLOW;
  return {
    quantity, about, comparable,
    relative: scale === "relative" && comparable,
    linear: about?.scale === "linear",
    gaps: about?.scale === "linear" || quantity === UPDATE,
    backward: comparable || (about?.unit ?? "").startsWith("1/"),
    lacking: absences(series, quantity),
  };
}

/**
 * What a chart is called and what to look for in it.
 *
 * @param {"flowByDepth" | "flowHeatmap"} chart
 * @param {Json} how as howOf gives it
 */
export function chartWords(chart, { quantity, about, comparable, relative, lacking }) {
  const own = quantity === FLOW ? "title" : `title_${quantity}`;
  const title = about?.title ?? quantity;
  const key = comparable ? (relative ? "look" : "look_absolute") : `look_${quantity}`;
  const look = has(`charts.${chart}.${key}`) ? t(`charts.${chart}.${key}`) : (about?.summary ?? "");
  return {
    title: has(`charts.${chart}.${own}`) ? t(`charts.${chart}.${own}`) : t(`charts.${chart}.title_other`, { title }),
    look: [look, ...lacking.map((one) => t("flow.lacking", one))].join(" "),
  };
}

/** What is measured, in words for an axis: beside the last block's where `relative`. */
export function axisWords({ quantity, about, relative }) {
  const key = `charts.${relative ? "beside" : "quantity"}.${quantity}`;
  if (has(key)) return t(key);
  const title = about?.title ?? quantity;
  return relative ? t("charts.beside.other", { title }) : title;
}

/**
 * Where the last block stands in what a frame lists of a quantity, that is, what all before it is
 * compared with: its output, or the last of its weights. The head comes after it. -1: nowhere.
 *
 * @param {{points: Json[], measures: Json[]} | null} started what a run said first
 */
export function lastBlock(started, quantity) {
  const last = started?.points?.findLast(isBlock)?.name;
  return placesOf(started, quantity).findLastIndex((place) => place.split(".")[0] === last);
}

/**
 * What a view shows of a frame, in depth order: its numbers, or, where `relative`, their ratios to the
 * last block's up to there. A 0 stays 0, what is not finite stays null; undefined where there is
 * nothing to compare with, since the last block's own is 0 or not finite.
 *
 * @returns {(number | null | undefined)[]} empty where the frame lacks the quantity
 */
export function valuesOf({ started }, frame, { quantity, relative }) {
  const values = valuesIn(frame, quantity);
  if (!relative || !values.length) return values;
  const last = lastBlock(started, quantity);
  const unit = values[last];
  return values.slice(0, last + 1).map((value) => {
    if (value === 0 || !Number.isFinite(value)) return value;
    return unit > 0 && Number.isFinite(unit) ? value / unit : undefined;
  });
}

/** Why nothing of a frame can be shown beside the last block's: "zero", "lost", or null where it can. */
export function unusable({ started }, frame, quantity) {
  const unit = valuesIn(frame, quantity)[lastBlock(started, quantity)];
  if (unit === undefined || unit > 0) return null;
  return unit === 0 ? "zero" : "lost";
}

/**
 * How a frame's gradient at the first block's output compares with that at the last block's.
 *
 * `kind` is "ratio" (with its `value`, first over last); "zero", "small" (less than float32 holds),
 * "signal" (the forward signal became too small before) or "untold" (one of these) where the first has
 * none; "none" where the last has none; "lost". `trend` is "vanishes" or "explodes" only where that holds in this frame.
 *
 * @returns {{kind: string, value?: number, trend: string | null} | null} null: nothing was measured
 */
export function acrossDepth(started, frame) {
  const points = started?.points ?? [];
  const [first, last] = [points.findIndex(isBlock), points.findLastIndex(isBlock)];
  const [arrived, sent] = [first, last].map((at) => valuesIn(frame, FLOW)[at]);
  if (arrived === undefined || sent === undefined) return null;
  if (arrived === null || sent === null) return { kind: "lost", trend: null };
  if (sent === 0) return { kind: "none", trend: null };
  if (arrived === 0 && !toldApart(started)) return { kind: "untold", trend: null };
  if (arrived === 0) return nothing(frame.underflowed ?? {}, first);
  const value = arrived / sent;
  return { kind: "ratio", value, trend: value < VANISHES ? "vanishes" : value > EXPLODES ? "explodes" : null };
}

/** Whether a run tells of a measure what is exactly 0 from what is too small; those of earlier versions say where not. */
export const toldApart = (started, quantity = FLOW) => !measureOf(started, quantity)?.untold;

function nothing({ flow: small = [], signal = [] }, first) {
  if (signal.length) return { kind: "signal", trend: null };
  return { kind: small.includes(first) ? "small" : "zero", trend: "vanishes" };
}

/**
 * The same in words, with a definition beside a word that needs one.
 *
 * @param {{kind: string, value?: number, trend: string | null}} across as acrossDepth gives it
 * @param {{brief?: boolean}} how `brief`: it is clear already that the first block is held against the last
 */
export function acrossWords({ kind, value, trend }, { brief = false } = {}) {
  const words = kind === "ratio" ? ratioWords(value, brief ? "brief" : "across") : t(`flow.across.${kind}`);
  return trend ? t(`flow.${trend}`, { words }) : words;
}

function ratioWords(value, manner) {
  const way = value >= 1 ? "larger" : "smaller";
  const times = Math.max(value, 1 / value);
  return times < ALIKE ? t(`flow.${manner}.same`) : t(`flow.${manner}.${way}`, { factor: factor(times) });
}

/** How many times: "3,100", "2.5", "4×10⁹". */
export function factor(times) {
  if (times >= 1e6) return scientific(times);
  return times >= 10 ? count(Number(times.toPrecision(2))) : String(Number(times.toPrecision(2)));
}

/** A ratio to the last block's in words: "3.2 times larger than at the last block". */
function besideWords(ratio) {
  const times = Math.max(ratio, 1 / ratio);
  if (times < ALIKE) return t("flow.beside.same");
  return t(`flow.beside.${ratio > 1 ? "larger" : "smaller"}`, { factor: factor(times) });
}

/**
 * Whether an update has no ratio since the layer's weight is 0: what was measured of the step is finite, and all the same
 * there is none.
 */
export function weightless(frame, index) {
  const gradient = valuesIn(frame, "weight_grad")[index];
  const whole = (frame.loss ?? []).every(Number.isFinite) && (gradient === undefined || Number.isFinite(gradient));
  return whole && valuesIn(frame, UPDATE)[index] === null;
}

/**
 * What is to be said of what moves a layer, as a function of a frame and an index into its updates:
 * "decay" where no frame up to there had a gradient, so that only weight decay can have moved it; "still"
 * where this one has none, since momentum and averages of earlier gradients go on; null elsewhere.
 *
 * @param {Json} history
 * @returns {(frame: Json, index: number) => "decay" | "still" | null}
 */
export function movedBy({ frames, spec }) {
  const decays = spec?.optimizer?.weight_decay > 0;
  const begins = new Map(); // by layer: the step of the first frame in which it had a gradient
  function beginOf(index) {
    if (!begins.has(index)) begins.set(index, frames.find((frame) => valuesIn(frame, "weight_grad")[index] !== 0)?.step ?? Infinity);
    return begins.get(index);
  }
  return (frame, index) => {
    if (valuesIn(frame, "weight_grad")[index] !== 0) return null;
    return decays && frame.step < beginOf(index) ? "decay" : "still";
  };
}

/**
 * One value in words: "3.2 times larger than at the last block", "0.0032", "exactly 0".
 *
 * @param {number | null | undefined} value as valuesOf gives it
 * @param {{history: Json, frame: Json, index: number}} place where it was measured
 */
export function valueWords(value, { history, frame, index }, { quantity, relative, linear }) {
  if (value === undefined) return t("charts.value.unknown");
  if (!Number.isFinite(value)) {
    if (quantity === UPDATE && weightless(frame, index)) return t("charts.value.weightless");
    return t(`charts.value.${linear ? "none" : "lost"}`);
  }
  if (linear) return String(Number(value.toPrecision(3)));
  if (value === 0) {
    if (!toldApart(history.started, quantity)) return t("charts.value.untold");
    return t(`charts.value.${frame.underflowed?.[quantity]?.includes(index) ? "small" : "zero"}`);
  }
  if (relative) return besideWords(value);
  const moved = quantity === UPDATE ? movedBy(history)(frame, index) : null;
  return moved ? t(`charts.value.${moved}`, { value: scientific(value, 3) }) : scientific(value, 3);
}

/** The same of a place in a frame; what stands behind the last block is told as measured. */
export function wordsAt(history, frame, index, how) {
  const values = valuesOf(history, frame, how);
  const place = { history, frame, index };
  if (index < values.length) return valueWords(values[index], place, how);
  return valueWords(valuesIn(frame, how.quantity)[index], place, { ...how, relative: false });
}

/** How each series' gradient at the first block compares with that at the last at a step; "" before any is measured. */
export function acrossAll(series, step) {
  const list = series.flatMap(({ label, history }, i) => {
    const found = acrossDepth(history.started, history.frameAt(step));
    return found ? [t("gradients.across_run", { label, words: acrossWords(found, { brief: i > 0 }) })] : [];
  });
  return list.length ? t("gradients.across", { list: list.join("; ") }) : "";
}
