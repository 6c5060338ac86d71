// What is said of connections that are not open.
import { t } from "#logic/words.js";
import { ASKED_EVERY } from "#runstore.js";

/** By what is told of a connection; the worst first. */
const BROKEN = { unreachable: "common.retrying", lost: "common.reconnecting", asking: "common.asking" };

/** The worst of what is told of some connections, in words; nothing where all is well. */
export function connectionWords(told) {
  const how = Object.keys(BROKEN).find((one) => told.includes(one));
  return how ? t(BROKEN[how], { n: ASKED_EVERY }) : "";
}
