// Numbers as the pages write them. A no-break space keeps a number and its unit on one line.
import { t } from "#logic/words.js";

const NBSP = "\u00a0";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A fraction as per cent: 0.76 is "76 %"; one decimal below 10 %. Null is "not finite". */
export function percent(fraction) {
  if (!Number.isFinite(fraction)) return t("common.number.lost");
  const value = 100 * fraction;
  const digits = Math.abs(value) > 0 && Math.abs(value) < 9.95 ? 1 : 0;
  // 99.9 is not "100 %": only a true whole may look like one.
  const text = value < 100 && value > 99.5 ? value.toFixed(1) : value.toFixed(digits);
  return `${text.replace(/\.0$/, "")}${NBSP}%`;
}

/** A number in the shortest exact-enough form: 0.83, 41, 2×10⁻⁶. Null is "not finite". */
export function scientific(number, digits = 2) {
  if (number === null || number === undefined || !Number.isFinite(number)) return t("common.number.lost");
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 0.01 && size < 9999.5) return String(Number(number.toPrecision(digits)));
  const [mantissa, exponent] = number.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}×10${superscript(Number(exponent))}`;
}

function superscript(whole) {
  const digits = [...String(Math.abs(whole))].map((digit) => SUPERSCRIPTS[digit]).join("");
  return whole < 0 ? `⁻${digits}` : digits;
}

/** A whole number with thin groups: 853,018. */
export function count(whole) {
  return Math.round(whole).toLocaleString("en-US");
}

/** A loss or another plain number, to so many digits. Null is "not finite". */
export function plain(number, digits = 3) {
  if (number === null || number === undefined || !Number.isFinite(number)) return t("common.number.lost");
  return String(Number(number.toPrecision(digits)));
}

/** A span of time: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function seconds(span) {
  if (!Number.isFinite(span)) return "";
  if (span < 9.95) return `${Number(span.toFixed(1))}${NBSP}${t("common.number.second")}`;
  const whole = Math.round(span);
  if (whole < 60) return `${whole}${NBSP}${t("common.number.second")}`;
  if (whole < 3600) return joined(Math.floor(whole / 60), "minute", whole % 60, "second");
  return joined(Math.floor(whole / 3600), "hour", Math.floor((whole % 3600) / 60), "minute");
}

function joined(large, largeUnit, small, smallUnit) {
  const rest = small ? ` ${small}${NBSP}${t(`common.number.${smallUnit}`)}` : "";
  return `${large}${NBSP}${t(`common.number.${largeUnit}`)}${rest}`;
}

/** A size on disk or of a download, in binary megabytes as the command line gives it: "11 MiB". */
export function mebibytes(size, { unit = true } = {}) {
  const value = size && Math.max(0.1, size / 2 ** 20); // what is to be downloaded is never nothing
  const text = value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return unit ? `${text}${NBSP}MiB` : text;
}

/** A size in memory: "512 B", "3.4 MB". */
export function bytes(size) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let step = 0;
  let value = size;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${step ? Number(value.toPrecision(2)) : value}${NBSP}${units[step]}`;
}
