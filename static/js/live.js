import { read } from "./api.js";
import { ended } from "./logic/states.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
/** Close codes of the server: nothing more to say, and no such run or study. */
const DONE = 1000;
const NOT_FOUND = 4404;

/**
 * Follow a run or study: all its events after the cursors, then each new one as it is made.
 *
 * A lost connection is taken up again where it broke, waiting longer each time.
 *
 * @param {"runs" | "studies"} kind
 * @param {string} id
 * @param {{after?: Record<string, number>, frames?: boolean}} from the last `seq` known of each run
 * @param {{onEvents: (run: string, events: object[]) => void, onState?: (state: object) => void,
 *   onConnection?: (state: "open" | "lost" | "unreachable" | "gone" | "done") => void}} hear
 *   `lost`: the connection broke, and is tried again. `unreachable`: the server answers nothing else
 *   either. Both hold until it is open. `gone`: the run or study does not exist (any more). `done`: everything was said.
 * @returns {{close: () => void}}
 */
export function follow(kind, id, { after = {}, frames = true } = {}, hear) {
  const cursors = { ...after };
  const going = new Set();
  let socket = null;
  let timer = 0;
  let wait = FIRST_WAIT_MS;
  let closed = false;
  let told = "";
  const tell = (state) => {
    if (closed || state === told) return;
    told = state;
    hear.onConnection?.(state);
  };

  function open() {
    const own = new WebSocket(address(kind, id, cursors, frames));
    socket = own;
    own.addEventListener("open", () => {
      if (kind === "studies") own.send(JSON.stringify({ after: cursors, frames }));
      tell("open");
    });
    own.addEventListener("message", ({ data }) => {
      if (closed) return;
      wait = FIRST_WAIT_MS;
      const message = JSON.parse(data);
      if (Array.isArray(message)) take(message);
      else if (message.type === "state") stand(message);
    });
    own.addEventListener("close", ({ code }) => {
      if (closed || own !== socket) return;
      if (code === NOT_FOUND) end("gone");
      // A deleted run says nothing more either, but it has not come to an end.
      else if (code === DONE && going.size === 0) end("done");
      else lost();
    });
  }

  function end(state) {
    tell(state);
    close();
  }

  function close() {
    closed = true;
    window.clearTimeout(timer);
    window.removeEventListener("online", online);
    socket.close();
  }

  function stand(message) {
    if (ended(message.state)) going.delete(message.run);
    else going.add(message.run);
    hear.onState?.(message);
  }

  function take(events) {
    for (const [run, its] of byRun(events)) {
      cursors[run] = Math.max(cursors[run] ?? -1, its.at(-1).seq);
      if (its.some(({ type }) => ended(type))) going.delete(run);
      hear.onEvents(run, its);
    }
  }

  async function lost() {
    const before = socket;
    if (told !== "unreachable") tell("lost");
    // A socket cannot say why it was refused; a plain request can.
    const status = await read(kind, id).then(
      () => 200,
      (problem) => problem.status,
    );
    // Another socket may have been opened meanwhile.
    if (closed || socket !== before) return;
    if (status === 404) {
      end("gone");
      return;
    }
    tell(status === 0 ? "unreachable" : "lost");
    timer = window.setTimeout(open, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  function online() {
    if (closed || socket.readyState <= WebSocket.OPEN) return;
    window.clearTimeout(timer);
    open();
  }

  window.addEventListener("online", online);
  open();
  return { close };
}

function address(kind, id, cursors, frames) {
  const url = new URL(`/api/${kind}/${encodeURIComponent(id)}/live`, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (kind === "runs") {
    url.searchParams.set("after", String(cursors[id] ?? -1));
    if (!frames) url.searchParams.set("frames", "false");
  }
  return url;
}

/** Events grouped by their run, each group in order. */
function byRun(events) {
  const groups = new Map();
  for (const event of events) {
    if (!groups.has(event.run)) groups.set(event.run, []);
    groups.get(event.run).push(event);
  }
  return groups;
}
