// What the microscope says of a block, in words.
import { plain, scientific } from "#logic/format.js";
import { gainOf } from "#logic/microscope.js";
import { chosen } from "#logic/spec.js";
import { has, t } from "#logic/words.js";

/** A number as it was measured; "–" where it was not recorded. */
export const number = (value) => (value === undefined ? t("lab.scope.unrecorded_sign") : scientific(value, 3));

/**
 * What stands in a piece's box.
 *
 * @param {Json} piece of an anatomy
 * @param {{net: Json, layers: Json[], block: string, catalog: Json}} about the network
 */
export function pieceWords(piece, { net, layers, block, catalog }) {
  const { kind, layer, stride } = piece;
  const named = (field, entries) => {
    const name = chosen(net[field]);
    const key = `lab.scope.${field}.${name}`;
    return has(key) ? t(key) : (catalog[entries].find((one) => one.name === name)?.title ?? name);
  };
  if (kind === "norm") return named("norm", "norms");
  if (kind === "activation") return named("activation", "activations");
  if (kind === "tail") return named("tail", "tails");
  if (kind === "conv") {
    const [, , size] = layers.find(({ name }) => name === `${block}.${layer}`)?.shape ?? [];
    return t(`lab.scope.piece.conv${stride > 1 ? "_stride" : ""}`, { size: size ?? "?", stride });
  }
  const key = `lab.scope.piece.${kind}`;
  return has(key) ? t(key, { stride }) : kind;
}

/** What a weighted piece is, in numbers: its channels and parameters; "" of others. */
export function pieceDetail({ kind, layer }, { layers, block }) {
  const found = layers.find(({ name }) => name === `${block}.${layer}`);
  if (!found) return "";
  const [outside, inside] = found.shape;
  return t(`lab.scope.detail.${kind}`, { inside, outside, params: found.params });
}

/** Everything of a block's forward way, in order, as one sentence. */
export function wayWords(block, pieces) {
  const list = (name) => (block.anatomy?.[name] ?? []).map(pieces).join(", ");
  const { roads } = block.entry;
  const times = block.strength === 1 ? "" : t("lab.scope.way.times", { strength: plain(block.strength) });
  const shortcut = [list("shortcut"), times].filter(Boolean).join(", ");
  const words = { sign: roads.meets, before: list("before"), branch: list("branch"), tail: list("tail"), shortcut, after: list("after") };
  if (!block.anatomy) return t("lab.scope.way.unknown");
  const sentences = [];
  if (words.before) sentences.push(t("lab.scope.way.before", words));
  sentences.push(t("lab.scope.way.branch", { ...words, branch: [words.branch, words.tail].filter(Boolean).join(", ") }));
  if (roads.meets) sentences.push(t(`lab.scope.way.${roads.meets}${words.shortcut ? "_changed" : ""}`, words));
  if (words.after) sentences.push(t("lab.scope.way.after", words));
  return sentences.join(" ");
}

/** What its skip does, and how strong its shortcut is where that is not as it is. */
export function whatWords({ entry, strength }) {
  if (strength === 1) return entry.summary;
  return t("lab.scope.weighed", { strength: plain(strength), summary: entry.summary });
}

/** What was measured on the way forward, in one sentence; what was not is left out. */
export function forwardWords({ forward, dead }) {
  const list = ["x", "kept", "written", "y"].flatMap((place) =>
    forward[place] === undefined ? [] : [t(`lab.scope.forward.${place}`, { value: number(forward[place]) })],
  );
  if (!list.length) return t("lab.scope.forward.none");
  if (Number.isFinite(dead)) list.push(t("lab.scope.forward.dead", { value: scientific(100 * dead) }));
  return t("lab.scope.forward.all", { list: list.join(", ") });
}

/**
 * What comes back through a block, in sentences: two parts and their sum, or one road, or why there are
 * no two parts.
 *
 * @param {Json} block as blockOf gives it
 * @param {string | null} absent why its network has no two parts
 */
export function backwardWords(block, absent) {
  const { backward, roads, entry } = block;
  const { shortcut, branch, y } = backward;
  const whole = block.anatomy?.before.length ? backward.h : backward.x;
  const sentences = [];
  if (y !== undefined) sentences.push(t("lab.scope.back.arrives", { value: number(y) }));
  if (entry.adds && shortcut === undefined) sentences.push(t("lab.scope.back.unrecorded"));
  else if (entry.adds) {
    sentences.push(t("lab.scope.back.parts", { shortcut: number(shortcut), branch: number(branch) }));
    if (block.strength !== 1) sentences.push(t("lab.scope.back.weighed", { strength: plain(block.strength) }));
    if (roads?.angle !== null && roads) {
      const angle = Math.round(roads.angle);
      sentences.push(t("lab.scope.back.sum", { whole: number(whole), angle, plain: number(shortcut + branch) }));
    } else if (roads) sentences.push(t("lab.scope.back.sum_untold", { whole: number(whole) }));
  } else if (entry.drawing === "") sentences.push(t("lab.scope.back.one", { value: number(backward.x) }));
  else sentences.push(t(`lab.scope.back.${entry.drawing === "onward" ? "onward" : "whole"}`, { value: number(backward.x), why: absent ?? t("lab.scope.back.other") }));
  const gain = gainOf(backward);
  if (gain !== undefined && entry.drawing !== "onward") sentences.push(t("lab.scope.back.gain", { gain: scientific(gain, 3) }));
  return sentences.join(" ");
}
