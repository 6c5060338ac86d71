// What is said of connections that are not open.
import { ASKED_EVERY } from "#live.js";
import { t } from "#logic/words.js";

/** By what live.js told; the worst first. */
const BROKEN = { unreachable: "common.retrying", lost: "common.reconnecting", asking: "common.asking" };

/** The worst of what live.js told of some connections, in words; nothing where all is well. */
export function connectionWords(told) {
  const how = Object.keys(BROKEN).find((one) => told.includes(one));
  return how ? t(BROKEN[how], { n: ASKED_EVERY }) : "";
}
