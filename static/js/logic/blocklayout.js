// Where the pieces of a block stand on its drawing, the input above: a branch, and what passes it.

/** How wide each is, in tenths of a text's size. */
export const WIDTH = 230;
const BRANCH = 78; // the branch's middle, across
const SHORTCUT = 178;
const BOX = 92;
const SIDE = 74; // of a box on the shortcut
const TALL = 22;
const GAP = 19; // room for a number beside an arrow
const ROUND = 20; // where roads meet, or a factor stands
const END = 18; // x and y
const DOT = 4;
const LIST = 48;
const CORNER = 9;

/**
 * @typedef {object} Node
 * @property {"end" | "piece" | "factor" | "fork" | "join" | "read"} kind
 * @property {string} id
 * @property {number} x its middle @property {number} y
 * @property {number} width @property {number} height
 * @property {Json} [piece] what it is, of an anatomy
 * @property {string} [sign] of a factor, or of what is read
 *
 * @typedef {object} Edge
 * @property {string} id @property {string} d a path
 * @property {{x: number, y: number, side: "branch" | "shortcut"}} at the middle of it, for numbers
 */

/**
 * @param {Json | undefined} anatomy as a run tells of it; without, the branch is one box
 * @param {Json} roads of the skip, as the catalogue has them
 * @param {string} [strength] by which the shortcut is multiplied, as a sign; none where it is as it is
 * @returns {{height: number, nodes: any[], edges: Edge[]}} nodes are Nodes
 */
export function layout(anatomy, roads, strength = "") {
  const { before = [], branch = [{ kind: "branch" }], tail = [], shortcut = [], after = [] } = anatomy ?? {};
  const two = roads.meets !== "";
  const nodes = [];
  const edges = [];
  let y = 0;
  let last = null; // the node above, on the branch's side

  /**
   * Put a node below the last, with an arrow to it.
   *
   * @param {Json} how
   */
  function put(kind, id, how = {}) {
    const { height = TALL, width = BOX, edge = "", ...more } = how;
    if (last) y += GAP;
    const node = { kind, id, x: BRANCH, y: y + height / 2, width, height, ...more };
    if (last) down(edge || `to-${id}`, last, node);
    nodes.push(node);
    y += height;
    last = node;
    return node;
  }

  /** Leave out what the twin with a skip has here: what both have stands side by side. */
  function space(height) {
    y += GAP + height;
    return null;
  }

  function down(id, from, to) {
    const [top, bottom] = [from.y + from.height / 2, to.y - to.height / 2];
    // A number stands at the upper end: an arrow may be long where the twin has its shortcut.
    edges.push({ id, d: `M${BRANCH} ${top}V${bottom}`, at: { x: BRANCH, y: top + GAP / 2, side: "branch" } });
  }

  put("end", "x", { height: END, width: END });
  if (roads.both) put("read", "read", { sign: roads.read, edge: "x" });
  before.forEach((piece, i) => put("piece", `before${i}`, { piece, edge: i || roads.both ? "" : "x" }));
  const enters = before.length ? "h" : roads.both ? "" : "x";
  const fork = two ? put("fork", "fork", { height: DOT, width: DOT, edge: enters }) : space(DOT);
  const own = roads.read && !roads.both;
  if (own) put("read", "read", { sign: roads.read, edge: "branch" });
  branch.forEach((piece, i) => put("piece", `branch${i}`, { piece, edge: i ? edgeAfter(branch[i - 1], i - 1) : own ? "" : two ? "branch" : enters }));
  tail.forEach((piece, i) => put("piece", `tail${i}`, { piece, edge: i ? "" : edgeAfter(branch.at(-1), branch.length - 1) }));
  const written = "written";
  if (roads.branch) put("factor", "factor", { height: ROUND, width: ROUND, sign: roads.branch, edge: written });
  const met = { height: ROUND, width: roads.meets === "append" ? LIST : ROUND, edge: roads.branch ? "scaled" : written };
  const join = two ? put("join", "join", met) : space(ROUND);
  after.forEach((piece, i) => put("piece", `after${i}`, { piece, edge: i ? "" : two ? "sum" : written }));
  put("end", "y", { height: END, width: END, edge: "y" });
  if (two) aside(fork, join);

  /** The road beside the branch, with what stands on it. */
  function aside(from, to) {
    const own = shortcut.map((piece, i) => ({ kind: "piece", id: `shortcut${i}`, piece, width: SIDE, height: TALL }));
    const factor = nodes.find(({ kind }) => kind === "factor");
    const level = factor?.y ?? to.y - to.height / 2 - GAP - ROUND / 2;
    const stacked = own.length * TALL + Math.max(0, own.length - 1) * GAP;
    let top = (from.y + to.y) / 2 - stacked / 2;
    const stand = own.map((node) => {
      const placed = { ...node, x: SHORTCUT, y: top + TALL / 2 };
      top += TALL + GAP;
      return placed;
    });
    const sign = [strength, roads.shortcut].filter(Boolean).join(" · ");
    if (sign) stand.push({ kind: "factor", id: "shortcut-factor", x: SHORTCUT, y: level, width: ROUND, height: ROUND, sign });
    nodes.push(...stand);
    const begins = `M${from.x + from.width / 2} ${from.y}H${SHORTCUT - CORNER}Q${SHORTCUT} ${from.y} ${SHORTCUT} ${from.y + CORNER}`;
    const ends = `V${to.y - CORNER}Q${SHORTCUT} ${to.y} ${SHORTCUT - CORNER} ${to.y}H${to.x + to.width / 2}`;
    let place = from.y + CORNER;
    stand.forEach((node, i) => {
      const bottom = node.y - node.height / 2;
      const id = i ? (node.kind === "factor" ? (strength ? "reshaped" : "kept") : `to-${node.id}`) : "shortcut";
      edges.push({ id, d: `${i ? `M${SHORTCUT} ${place}` : begins}V${bottom}`, at: { x: SHORTCUT, y: (place + bottom) / 2, side: "shortcut" } });
      place = node.y + node.height / 2;
    });
    const bare = stand.length === 0;
    const id = bare ? "shortcut" : roads.shortcut ? "carried" : "kept"; // what was measured has the strength in it
    edges.push({ id, d: `${bare ? begins : `M${SHORTCUT} ${place}`}${ends}`, at: { x: SHORTCUT, y: (place + to.y - CORNER) / 2, side: "shortcut" } });
  }

  return { height: y, nodes, edges };
}

/** What an arrow out of a piece is called: by the layer whose response it carries, if it does. */
const edgeAfter = (piece, i) => (piece?.response ? `response-${piece.response}` : `from-branch${i}`);
