// The axis of depth: input left, output or last block right.
import { ticks } from "#charts/numbers.js";
import { t } from "#logic/words.js";

const FEW = 5; // ticks; where there is no room for so many, one stands in the middle

/** Numbers of layers, or fractions of the depth, between "input" and what the `end` is; `most`: those in all. */
export function depthTicks(rows, fraction, most, end = t("charts.axis.output")) {
  const last = fraction ? 1 : rows - 1;
  const many = fraction ? [0.25, 0.5, 0.75] : ticks(0, last, most);
  const middle = most < 3 ? [] : [fraction ? 0.5 : Math.round(last / 2)];
  const inner = most < FEW ? middle : many;
  const between = inner.filter((tick) => tick > 0.1 * last && tick < 0.9 * last);
  return {
    tickmode: "array",
    tickvals: [0, ...between, last],
    ticktext: [t("charts.axis.input"), ...between, end],
  };
}

/** What the depth axis ends in: the last block beside which all is shown, or the network's output. */
export const endOf = ({ relative }) => t(`charts.axis.${relative ? "last_block" : "output"}`);
