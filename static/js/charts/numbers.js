// Pure computations behind the charts.

export const COLUMNS = 400; // a heatmap's most
export const ENVELOPE_ABOVE = 200; // layers

/** Whether a value has a place on a log axis. */
export const positive = (value) => Number.isFinite(value) && value > 0;

/** Where a value is drawn: "value", "zero" (0 as float32 has it), "lost" (not finite), "unknown" (none). */
export function lane(value) {
  if (value === undefined) return "unknown";
  if (!Number.isFinite(value)) return "lost";
  return value > 0 ? "value" : "zero";
}

/**
 * The whole decades [low, high] (powers of ten) that hold the positive values.
 *
 * Only ever grows from `before`. Null while there is no positive value.
 */
export function decades(values, before = null) {
  let least = Infinity;
  let greatest = 0;
  for (const value of values) {
    if (!positive(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (greatest === 0) return before;
  const low = Math.min(Math.floor(Math.log10(least)), before?.[0] ?? Infinity);
  const high = Math.max(Math.ceil(Math.log10(greatest)), before?.[1] ?? -Infinity);
  return low === high ? [low - 1, high] : [low, high];
}

/**
 * Which of so many frames make a heatmap's columns: the last of each group, never a mean.
 *
 * Groups are powers of two long, so that columns stay where they are while a run grows.
 */
export function columns(frames, limit = COLUMNS) {
  let stride = 1;
  while (Math.ceil(frames / stride) > limit) stride *= 2;
  const kept = [];
  for (let start = 0; start < frames; start += stride) {
    kept.push(Math.min(start + stride, frames) - 1);
  }
  return kept;
}

/**
 * Indices of at most about `2 * limit` of the values: the least and the greatest of each column,
 * and its first gap. Points are kept, never averaged.
 */
export function envelope(ys, limit) {
  const n = ys.length;
  if (n <= 2 * limit) return Array.from({ length: n }, (_, i) => i);
  const kept = [];
  for (let column = 0; column < limit; column += 1) {
    const first = Math.floor((column * n) / limit);
    const last = Math.floor(((column + 1) * n) / limit);
    kept.push(...extremes(ys, first, last));
  }
  return kept;
}

/** Numbers from 0 to count - 1 in groups of neighbours, as even as may be: [from, to (not in it)]. */
export function groups(count, most) {
  const bound = (i) => Math.floor((i * count) / most);
  return Array.from({ length: most }, (_, i) => [bound(i), bound(i + 1)]);
}

/**
 * The two of a group that stand for all of it, in their order: what is not finite first of all, then
 * the least and the greatest. So nothing that is dead, and nothing that is lost, can be hidden.
 *
 * @param {(number | null)[]} ys
 * @param {number[]} group its first, and the first after it
 */
export function couple(ys, [from, to]) {
  const { least, greatest, gap } = outermost(ys, from, to);
  const [one, other = one] = [gap, least, greatest].filter((i) => i >= 0);
  return one < other ? [one, other] : [other, one];
}

function extremes(ys, first, last) {
  const { least, greatest, gap } = outermost(ys, first, last);
  return [...new Set([least, greatest, gap])].filter((i) => i >= 0).sort((a, b) => a - b);
}

function outermost(ys, first, last) {
  let least = -1;
  let greatest = -1;
  let gap = -1;
  for (let i = first; i < last; i += 1) {
    if (!Number.isFinite(ys[i])) {
      if (gap < 0) gap = i;
    } else {
      if (least < 0 || ys[i] < ys[least]) least = i;
      if (greatest < 0 || ys[i] > ys[greatest]) greatest = i;
    }
  }
  return { least, greatest, gap };
}

/**
 * An exponential moving average; `amount` from 0 (none) to below 1.
 *
 * Corrected for its start, so that the first value is itself. Averages logarithms where `log`.
 * Begins anew after a gap: nothing from before a divergence reaches beyond it.
 */
export function smooth(ys, amount, log = false) {
  let mean = 0;
  let weight = 0;
  return ys.map((y) => {
    if (!Number.isFinite(y) || (log && y <= 0)) {
      mean = 0;
      weight = 0;
      return null;
    }
    mean = amount * mean + (1 - amount) * (log ? Math.log(y) : y);
    weight = amount * weight + (1 - amount);
    return log ? Math.exp(mean / weight) : mean / weight;
  });
}

/**
 * Places (pixels) moved apart to at least `gap`, in order, as little as may be; stays within
 * `low` to `high` where there is room.
 */
export function spread(places, gap, low, high) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const moved = Array(places.length).fill(0);
  let below = low - gap;
  for (const i of order) below = moved[i] = Math.max(places[i], below + gap);
  let above = high + gap;
  for (const i of order.reverse()) above = moved[i] = Math.min(moved[i], above - gap);
  return moved;
}

/** Round whole numbers from `low` to `high`: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low, high, most) {
  let power = 1;
  for (;;) {
    for (const lead of [1, 2, 5]) {
      const step = lead * power;
      if ((high - low) / step > most) continue;
      const found = [];
      for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) found.push(tick);
      return found;
    }
    power *= 10;
  }
}

const PITCH = 1.8; // lines of text from one power of ten to the next, so that none covers another

/** How many decades from one labelled tick of a log axis of `pixels` to the next. */
export function decadeStep([low, high], pixels, font) {
  return Math.max(1, Math.ceil((high - low) / Math.max(1, Math.floor(pixels / font / PITCH))));
}

/**
 * Ticks of a log axis of ratios: "×100", "×10", "1", "÷10"; at powers of ten, 1 always among them.
 *
 * @param {[number, number]} range in decades
 */
export function ratioTicks(range, pixels, font) {
  const every = decadeStep(range, pixels, font);
  const powers = [];
  for (let power = Math.ceil(range[0] / every) * every; power <= range[1]; power += every) powers.push(power);
  return { tickmode: "array", tickvals: powers.map((power) => 10 ** power), ticktext: powers.map(timesText) };
}

/** A power of ten as a factor: ×10, ÷100, ×10<sup>6</sup>. */
export function timesText(power) {
  if (power === 0) return "1";
  const size = Math.abs(power);
  const text = size > 2 ? `10<sup>${size}</sup>` : String(10 ** size);
  return `${power > 0 ? "×" : "÷"}${text}`;
}

const EDGE = 0.04; // of a log range, so that no mark on its edge is cut

/** The range [low, high] of decades with a little room at both ends. */
export function roomy([low, high]) {
  const edge = EDGE * (high - low);
  return [low - edge, high + edge];
}

/** Where a positive value stands on a roomy log axis: from 0 (bottom) to 1 (top). */
export function placeOn(range, value) {
  const [low, high] = roomy(range);
  return (Math.log10(value) - low) / (high - low);
}

/** Where layers stand on the depth axis: by number from 0, or by fraction of the depth. */
export function positions(count, fraction) {
  return Array.from({ length: count }, (_, i) => (fraction ? i / Math.max(count - 1, 1) : i));
}

/** The index of the place nearest to `x` on the depth axis. */
export function nearest(x, count, fraction) {
  const index = Math.round(fraction ? x * (count - 1) : x);
  return Math.min(Math.max(index, 0), count - 1);
}

/** The shares of the width [from, to] of `count` panels with `between` left free. */
export function panels(count, between) {
  const width = (1 - between * (count - 1)) / Math.max(count, 1);
  return Array.from({ length: count }, (_, i) => {
    const start = i * (width + between);
    return [start, start + width];
  });
}

/** Up to `most` of the numbers from 0 to count - 1, evenly spaced, both ends included. */
export function sample(count, most) {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}
