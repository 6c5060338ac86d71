// Links to Gradients, where runs open side by side.
import { besides } from "#logic/points.js";

/** The address at which these runs are shown together, by their ids. */
export const gradientsLink = (ids) => `gradients?${ids.map((id) => `run=${id}`).join("&")}`;

/** Where a run of a sweep opens: beside the other networks of its value and seed. */
export const besideLink = (points, id) => gradientsLink(besides(points, id));
