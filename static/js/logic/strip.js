// Where each layer of a network stands on its strip, and what it is called.
import { skipAt } from "#logic/skips.js";
import { chosen } from "#logic/spec.js";
import { t } from "#logic/words.js";

const STAGE_GAP = 10;
const ENDS_WEIGHT = 1.4; // the stem and the head are a little wider than a block
/** Heights of the blocks of a network's stages, first to last, as shares of the strip's. */
const TALL = 1;
const STEP_DOWN = 0.16;

/**
 * The boxes of a strip, input left.
 *
 * @param {{name: string, kind: string, shape: number[]}[]} points where flow is measured
 * @param {number} width in pixels
 * @returns {{x: number, width: number, tall: number, stage: number, kind: string,
 *   changes: boolean}[]} one box a point; `tall` is a share of the height, `changes` tells that
 *   the shape at its output is not that at its input
 */
export function boxes(points, width) {
  const stages = stagesOf(points);
  const gaps = stages.filter((stage, i) => i > 0 && stage !== stages[i - 1]).length;
  const weights = points.map(({ kind }) => (kind === "block" ? 1 : ENDS_WEIGHT));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const gap = Math.min(STAGE_GAP, width / (4 * (gaps + 1)));
  const unit = Math.max(0, width - gaps * gap) / total;
  const between = Math.min(4, unit / 4);
  let x = 0;
  return points.map((point, i) => {
    if (i > 0 && stages[i] !== stages[i - 1]) x += gap;
    const box = {
      x: x + between / 2,
      width: Math.max(0.5, weights[i] * unit - between),
      tall: TALL - STEP_DOWN * Math.min(3, Math.max(0, stages[i] - 1)),
      stage: stages[i],
      kind: point.kind,
      changes: i > 0 && point.kind === "block" && !sameShape(point.shape, points[i - 1].shape),
    };
    x += weights[i] * unit;
    return box;
  });
}

/** What can stand beside a box's branch, as of shortcuts(). */
export const SHORTCUTS = ["identity", "pad", "projection", "changed", "gate", "onward", "copies"];

/** What an arc is where the shape changes; whatever else brings it there learns nothing. */
const RESHAPED = { project: "projection", error: "identity" };

/**
 * What stands beside each box's branch: "identity"; "pad", the same brought to another shape where that
 * changes; "projection", a learned map; "changed", values scaled or dropped; "gate", one that is opened and closed; "onward", an output that
 * all later blocks read; "copies" of the signal; null for nothing.
 *
 * @param {{kind: string, changes: boolean}[]} all as of boxes()
 * @param {Json} net of a spec
 */
export function shortcuts(all, { skip, downsample }) {
  const { drawing } = skipAt(chosen(skip));
  return all.map(({ kind, changes }) => {
    if (kind !== "block" || drawing === "") return null;
    if (drawing === "learned") return "projection";
    if (drawing !== "arc") return drawing;
    return changes ? (RESHAPED[chosen(downsample)] ?? "pad") : "identity";
  });
}

/** The stage of each point: the stem 0, blocks of one shape together from 1, the head last. */
export function stagesOf(points) {
  let stage = 0;
  return points.map((point, i) => {
    const before = points[i - 1];
    const starts = before && (point.kind !== before.kind || !sameShape(point.shape, before.shape));
    if (starts) stage += 1;
    return stage;
  });
}

function sameShape(one, other) {
  return one.length === other.length && one.every((size, i) => size === other[i]);
}

/** The index of the box under a place, or of the nearest: the space between two is halved. */
export function boxAt(all, x) {
  const found = all.findIndex((box, i) => {
    const next = all[i + 1];
    return !next || x < (box.x + box.width + next.x) / 2;
  });
  return Math.max(0, found);
}

/** A point's name for people: "Stem", "Block 3 of 27", "Head". */
export function titleOf(points, index) {
  const { kind } = points[index];
  if (kind !== "block") return t(`lab.strip.${kind}`);
  const blocks = (list) => list.filter((point) => point.kind === "block").length;
  return t("lab.strip.block", { n: blocks(points.slice(0, index + 1)), count: blocks(points) });
}

/** The name of a point or layer for people: "block15" is "block 15", "block8.layer1" "block 8, layer 1". */
export function placeName(name) {
  const [, block, layer] = /^block(\d+)(?:\.layer(\d+))?$/.exec(name) ?? [];
  if (!block) return name;
  return layer ? t("charts.place.layer", { block, layer }) : t("charts.place.block", { block });
}

/** The layer that a key moves to; null where the key means nothing here. */
export function moved(key, index, count) {
  const page = Math.max(1, Math.round(count / 8));
  const from = index ?? -1;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(count - 1, from + 1);
    case "ArrowLeft":
    case "ArrowDown":
      return index === null ? count - 1 : Math.max(0, from - 1);
    case "PageUp":
      return Math.min(count - 1, from + page);
    case "PageDown":
      return Math.max(0, from - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
