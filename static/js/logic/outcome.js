// What a sweep came to in the few words of a list: at which values, and what each network measured.
import { gathered, points } from "#logic/points.js";
import { settingWords } from "#logic/specwords.js";
import { skipName } from "#logic/skips.js";
import { fromStudy } from "#logic/sweep.js";
import { axisName, measured } from "#logic/sweepwords.js";
import { t } from "#logic/words.js";

const MOST = 6; // results in a line

/**
 * A line that says what was measured at which values, then one for each kind of network: its means
 * in the same order; of many values, where they were measured, or the least and the greatest.
 * Nothing before anything is measured.
 *
 * @param {Json} spec a depth or sweep study's
 * @returns {string[]}
 */
export function outcomeLines(spec, runs, measure) {
  const { field, values, skips, seeds } = fromStudy(spec);
  const cells = gathered(points(runs, field, measure)).filter(({ n }) => n > 0);
  if (cells.length === 0) return [];
  const named = (value) => (typeof value === "string" ? settingWords(field, value) : String(value));
  const ordered = [...values].sort((a, b) => a - b); // names keep their order
  const many = values.length > MOST;
  const what = t(`charts.measure.${measure}`);
  const head = {
    measure: seeds.length > 1 ? t("runs.entry.mean", { measure: what }) : what,
    axis: axisName(field),
    values: ordered.map(named).join(", "),
  };
  const numbers = typeof values[0] === "number";
  if (numbers && many) head.values = t("runs.entry.from_to", { from: ordered[0], to: ordered.at(-1) });
  return [t(`runs.entry.${numbers ? "at" : "with"}`, head), ...skips.map((skip) => line(skip)).filter(Boolean)];

  function line(skip) {
    const own = new Map(cells.filter((cell) => cell.skip === skip).map((cell) => [cell.value, cell]));
    if (own.size === 0) return "";
    const name = skipName(skip);
    if (!many) {
      const list = ordered.map((value) => (own.has(value) ? measured(measure, own.get(value).mean) : "–"));
      return t("runs.entry.means", { name, list: list.join(", ") });
    }
    const text = (cell) => measured(measure, cell.mean);
    if (own.size <= MOST) {
      const known = ordered.filter((value) => own.has(value));
      const list = known.map((value) => t("runs.entry.point", { value: text(own.get(value)), at: named(value) }));
      return t("runs.entry.means", { name, list: list.join(", ") });
    }
    const rising = [...own.values()].sort((a, b) => a.mean - b.mean);
    const [least, most] = [rising[0], rising.at(-1)];
    if (text(least) === text(most)) return t("runs.entry.level", { name, value: text(most) });
    return t("runs.entry.spread", {
      name,
      min: text(least),
      low: named(least.value),
      max: text(most),
      high: named(most.value),
    });
  }
}
