// What a block is made of, and what was measured at each place on the way through it, forward and back.
import { strengthAt } from "#logic/changes.js";
import { FLOW, measureOf } from "#logic/measures.js";
import { skipAt } from "#logic/skips.js";
import { skipOf } from "#logic/spec.js";

const ROUNDING = 1e-6; // of a measured length, relative: seven digits, of float32 arithmetic
const TOLD = 0.1; // how far a cosine may be off and still tell a direction

/** What the blocks of a run are made of, by a block's name; undefined in runs of earlier versions. */
export const anatomyOf = (started, name) => started?.blocks?.find(({ blocks }) => blocks.includes(name));

/** The next block from an index on, `way` 1 or -1; null where there is none. */
export function neighbour(points, index, way) {
  const next = index + way;
  return points[next]?.kind === "block" ? next : null;
}

/**
 * What a frame holds of a measure at a place.
 *
 * @param {Json} history
 * @returns {number | null | undefined} null: not finite; undefined: not recorded there
 */
export function valueAt({ started }, frame, name, place) {
  const at = measureOf(started, name)?.places?.indexOf(place) ?? -1;
  return at < 0 ? undefined : frame?.measures?.[name]?.[at];
}

/**
 * Everything that a frame holds of one block.
 *
 * `forward` are root mean squares, by place: `x` what enters, `written` what the branch gives, `kept` what the
 * shortcut brings, `y` what leaves; `responses` the standard deviations of its layers. `backward` are L2
 * norms: `y` the gradient that arrives, `branch` and `shortcut` its parts at the block's input, `x` the
 * gradient that the block before gets, `h` that of what branch and shortcut read, where that is not x.
 * `strength` is what the shortcut was multiplied by at that step.
 *
 * @param {Json} history
 * @param {Json | null} frame
 * @param {number} index of the block among the points
 */
export function blockOf(history, frame, index) {
  const { started, spec } = history;
  const { name } = started.points[index];
  const before = started.points[index - 1].name;
  const at = (measure, place = name) => valueAt(history, frame, measure, place);
  const anatomy = anatomyOf(started, name);
  const entry = skipAt(skipOf(spec));
  const responses = (anatomy?.branch ?? []).flatMap(({ response }) => (response ? [response] : []));
  const parts = { shortcut: at("shortcut_grad"), branch: at("branch_grad"), share: at("branch_share") };
  const entered = at(FLOW, before);
  const shared = Boolean(anatomy?.before.length);
  return {
    name, before, entry, anatomy,
    strength: strengthAt(history, name, frame?.step ?? 0),
    first: started.points[index - 1].kind === "stem",
    forward: { x: at("signal", before), written: at("branch_norm"), kept: at("stream"), y: at("signal") },
    responses: Object.fromEntries(responses.map((layer) => [layer, at("activation_std", `${name}.${layer}`)])),
    scale: at("skip_scale"),
    dead: at("dead"),
    backward: { y: at(FLOW), x: entered, h: shared ? wholeOf(parts) : entered, ...parts },
    roads: entry.adds && anatomy ? headToTail(parts.shortcut, parts.branch, shared ? wholeOf(parts) : entered) : null,
  };
}

/**
 * The length of the sum of two vectors, of their lengths and of the branch's share of it, as `branch_share`
 * measures it; undefined where these do not tell.
 */
export function wholeOf({ shortcut, branch, share }) {
  if (![shortcut, branch, share].every(Number.isFinite)) return undefined;
  const [s, b] = [shortcut, branch];
  const square = ((s - b) * (s + b)) / (1 - 2 * share); // |b|² - share² g² = |s|² - (1 - share)² g²
  const certain = Math.abs(1 - 2 * share) > 0.01 && square >= 0;
  return certain ? Math.sqrt(square) : undefined;
}

/**
 * Two vectors and their sum, head to tail in the plane that they span: the first lies along the first axis.
 *
 * @param {number | null | undefined} first its length
 * @param {number | null | undefined} second
 * @param {number | null | undefined} whole their sum's
 * @returns {{first: number, second: number, whole: number, cosine: number | null, angle: number | null,
 *   head: [number, number], tip: [number, number]} | null} `head` is where the first ends and the second
 *   begins, `tip` where both end; `angle` lies between them, in degrees, null where one is 0 or too short
 *   for these numbers to tell its direction. Null where a length is missing, or no vectors have these.
 */
export function headToTail(first, second, whole) {
  if (![first, second, whole].every(Number.isFinite)) return null;
  const unit = Math.max(first, second, whole);
  const none = { first, second, whole, cosine: null, angle: null };
  if (!unit) return { ...none, head: [0, 0], tip: [0, 0] };
  const [a, b, c] = [first / unit, second / unit, whole / unit]; // squares that neither vanish nor overflow
  const error = (ROUNDING * (a * a + b * b + c * c)) / (2 * a * b);
  if (!(error < TOLD)) return { ...none, head: [first, 0], tip: [first + second, 0] };
  const cosine = ((c - a) * (c + a) - b * b) / (2 * a * b);
  if (Math.abs(cosine) > 1 + error) return null;
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  return {
    ...none,
    cosine: Math.cos(angle),
    angle: (angle * 180) / Math.PI,
    head: [first, 0],
    tip: [first + second * Math.cos(angle), second * Math.sin(angle)],
  };
}

/** How many times larger the gradient is before a block than behind it; undefined where one is not known. */
export function gainOf({ x, y }) {
  return Number.isFinite(x) && y > 0 ? x / y : undefined;
}
