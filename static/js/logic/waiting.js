// What is said of runs that wait for a worker, or are to make room for those that do.
import { t } from "#logic/words.js";

/**
 * Who is served before a run or pair, and about how long that takes: "2 pairs ahead of yours, about
 * 3 minutes".
 *
 * @param {{pairs: number, runs: number, seconds: number | null}} waits as the server tells it
 * @param {boolean} mine whether the viewer started it
 */
export function waitWords({ pairs, runs, seconds }, mine) {
  const both = [
    pairs ? t("common.waits.pairs", { n: pairs }) : "",
    runs ? t("common.waits.runs", { n: runs }) : "",
  ].filter(Boolean);
  const others = both.length > 1 ? t("common.waits.and", { one: both[0], other: both[1] }) : both[0];
  const place = others ? t(`common.waits.${mine ? "yours" : "this"}`, { others }) : t("common.waits.next");
  return [place, ...(seconds === null ? [] : [about(seconds)])].join(", ");
}

/** The same as a sentence of its own. */
export function waitingWords(waits, mine) {
  const words = t("common.waits.worker");
  return waits ? t("common.because", { what: words, reason: waitWords(waits, mine) }) : words;
}

/** A time after which a paused run ends: "2 minutes", "30 seconds". */
export function noticeWords(seconds) {
  const whole = seconds % 60 === 0;
  return t(`common.waits.${whole ? "in_minutes" : "in_seconds"}`, { n: whole ? seconds / 60 : seconds });
}

/** How soon a paused run or pair ends since others wait for its worker, as a phrase. */
export const endsWords = (seconds) => t("common.waits.ends", { time: noticeWords(seconds) });

/** How soon the first of these ends that is to make room, in seconds; null where none is. */
export function soonest(endings) {
  const known = endings.filter((seconds) => seconds !== null && seconds !== undefined);
  return known.length ? Math.min(...known) : null;
}

function about(seconds) {
  if (seconds < 60) return t("common.waits.soon");
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return t("common.waits.minutes", { n: minutes });
  return t("common.waits.hours", { n: Math.round(minutes / 60) });
}
