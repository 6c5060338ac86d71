// What both networks of a pair answer to a few test examples, as it is to be shown.
import { lastUpTo } from "#logic/history.js";

/**
 * The answers of each network at the last step at which both were asked.
 *
 * @param {Json[]} histories
 * @returns {{step: number | null, events: (Json | null)[]}} null: was not asked, or has diverged;
 *   one that diverged or failed holds the other not back
 */
export function asked(histories) {
  const going = histories.filter(({ diverged, state }) => diverged === null && state !== "failed");
  const last = (going.length ? going : histories).map(({ predictions }) => predictions.at(-1)?.step ?? -1);
  const step = going.length ? Math.min(...last) : Math.max(...last);
  if (step < 0) return { step: null, events: histories.map(() => null) };
  const events = histories.map(({ predictions, diverged }) =>
    diverged === null ? lastUpTo(predictions, step) : null,
  );
  return { step, events };
}

/** Whether the pictures are those of the examples that an event tells of. */
export function shows(pictures, event) {
  return same(pictures.examples, event.examples) && same(pictures.truth, event.truth ?? null);
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The strip of samples.
 *
 * @param {{skip: string, name: string, history: Json}[]} sides
 * @param {Json | null} pictures what the server shows of the examples
 * @param {string[]} labels what classes are called where there are no pictures
 * @returns {{step: number | null, cards: Json[], scores: Json[], changed: boolean}} `changed`: the
 *   pictures are those of other examples, so none is shown
 */
export function samples(sides, pictures, labels = []) {
  const { step, events } = asked(sides.map(({ history }) => history));
  const known = events.find(Boolean) ?? null;
  const changed = Boolean(pictures && known && !shows(pictures, known));
  const own = changed ? null : pictures;
  const examples = known?.examples ?? own?.examples ?? [];
  const names = own?.classes ?? labels;
  const called = (number) => names[number] ?? String(number);
  const truth = known?.truth ?? own?.truth ?? null;
  const cards = examples.map((example, i) => ({
    example,
    truth: truth && called(truth[i]),
    image: own?.images?.[i] ?? null,
    point: own?.points?.[i] ?? null,
    answers: sides.map(({ skip, name, history }, side) => ({
      skip,
      name,
      ...answer(events[side], i, { called, history, target: own?.points?.[i] }),
    })),
  }));
  return { step, cards, changed, scores: step === null ? [] : sides.map((side, i) => score(side, cards, i)) };
}

/** One answer: {kind: "right" | "wrong" | "numbers" | "none" | "unasked", ...}. */
function answer(event, i, { called, history, target }) {
  if (!event) return { kind: history.diverged === null ? "unasked" : "none" };
  if (event.outputs) {
    const outputs = event.outputs[i];
    if (outputs.includes(null)) return { kind: "none" };
    return { kind: "numbers", outputs, off: target ? distance(outputs, target) : null };
  }
  const guess = event.predicted[i];
  if (guess === null) return { kind: "none" };
  return { kind: guess === event.truth[i] ? "right" : "wrong", guess: called(guess), share: event.probability[i] };
}

/** The root of the mean squared difference. */
function distance(one, other) {
  const squares = one.map((value, i) => (value - other[i]) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** How many one network has right, or how far off its numbers are over all samples. */
function score({ skip, name, history }, cards, side) {
  const own = cards.map(({ answers }) => answers[side]);
  const right = own.filter(({ kind }) => kind === "right").length;
  const offs = own.map(({ off }) => off ?? null);
  const known = offs.length > 0 && !offs.includes(null);
  const off = known ? Math.sqrt(offs.reduce((sum, one) => sum + one ** 2, 0) / offs.length) : null;
  const classes = own.some(({ kind }) => kind === "right" || kind === "wrong");
  return { skip, name, of: own.length, right: classes ? right : null, off, diverged: history.diverged };
}

/**
 * Why there are no answers to show: the key of the words under "lab.samples", or "".
 *
 * @param {Json[]} histories
 * @param {boolean} trains whether these are runs, and not what was measured before any
 */
export function lack(histories, trains) {
  if (histories.every(({ spec }) => spec.evaluate?.samples === 0)) return "off";
  if (asked(histories).step !== null) return "";
  return trains && histories.some(({ step, ended }) => step > 0 || ended) ? "unrecorded" : "before";
}
