// An analysis of trained networks: its address, whom it can be asked of, what it is of. Pure.
import { skipOf } from "#logic/spec.js";

export const MOST = 4; // networks beside each other

const IDS = /^[a-z2-7]{10}$/;
const ids = (text) => [...new Set((text ?? "").split(",").filter((id) => IDS.test(id)))].slice(0, MOST);

/** The page of these analyses of a kind, or of runs that may be analysed so. */
export function analysisLink(name, { show = [], of = [] }) {
  const query = Object.entries({ show, of }).filter(([, list]) => list.length).map(([key, list]) => `${key}=${list.join(",")}`);
  return `${name}${query.length ? `?${query.join("&")}` : ""}`;
}

/** What an address asks for: {show: analyses, of: runs}. */
export function askedIn(search) {
  const query = new URLSearchParams(search);
  return { show: ids(query.get("show")), of: ids(query.get("of")) };
}

/** Whether a network of this spec can be asked. @param {{skips: string[]}} analysis of the catalogue */
export const fits = ({ skips }, spec) => skips.includes(skipOf(spec));

/** How many blocks the network has whose analysis this is the history of. */
export const blocksOf = ({ started }) => started?.points.filter(({ kind }) => kind === "block").length ?? 0;
