// When something was asked for, in words: the time of day, and how long ago that is.
import { t } from "#logic/words.js";

const CLOCK = Object.freeze({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** The time of day, with the day where that is not today's; `exact` has seconds. */
export function clock(when, now, exact = false) {
  const [date, today] = [new Date(when), new Date(now)];
  /** @type {Intl.DateTimeFormatOptions} */
  const how = exact ? { ...CLOCK, second: "2-digit" } : CLOCK;
  const time = date.toLocaleTimeString(undefined, how);
  if (date.toDateString() === today.toDateString()) return time;
  /** @type {Intl.DateTimeFormatOptions} */
  const year = date.getFullYear() === today.getFullYear() ? {} : { year: "numeric" };
  return t("runs.when.day", { day: date.toLocaleDateString(undefined, { day: "numeric", month: "short", ...year }), time });
}

/** How long ago, up to a day; nothing for what is older. */
export function ago(when, now) {
  const span = Math.max(0, (now - Date.parse(when)) / 1000);
  if (span < 60) return t("runs.when.now");
  if (span < 3600) return t("runs.when.minutes", { n: Math.floor(span / 60) });
  return span < 86_400 ? t("runs.when.hours", { n: Math.floor(span / 3600) }) : "";
}

/**
 * The times of several as exactly as tells them apart: to the second where two share a minute, and
 * numbered, the earliest first, where two share a second.
 *
 * @param {string[]} dates
 * @param {number} now
 */
export function clocks(dates, now) {
  const distinct = (list) => new Set(list).size === list.length;
  const clocks = dates.map((date) => clock(date, now));
  if (distinct(clocks)) return clocks;
  const exact = dates.map((date) => clock(date, now, true));
  if (distinct(exact)) return exact;
  const order = dates.map((_, i) => i).sort((a, b) => (dates[a] < dates[b] ? -1 : 1));
  return exact.map((time, i) => {
    const alike = order.filter((other) => exact[other] === time);
    return alike.length > 1 ? t("runs.when.nth", { time, n: alike.indexOf(i) + 1 }) : time;
  });
}
