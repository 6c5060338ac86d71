import { events as eventsOf, patience, read } from "#api.js";
import { ended } from "#logic/states.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
/** The server says something at least every 10 s; after this long without a word nobody is there. */
const SILENT_MS = 25_000;
/** How often the server is asked where it can't be listened to, in seconds. */
export const ASKED_EVERY = 2;
/** How long, at the most, until a socket is tried again meanwhile. */
const SOCKET_MS = 60_000;
/** Close codes of the server: nothing more to say, and no such run or study. */
const DONE = 1000;
const NOT_FOUND = 4404;

/**
 * Follow a run or study: all its events after the cursors, then each new one as it is made.
 *
 * A lost connection is taken up again where it broke, waiting longer each time; so is one on which
 * nothing comes any more. Where no socket can be had, the server is asked again and again instead.
 *
 * @param {"runs" | "studies"} kind
 * @param {string} id
 * @param {{after?: Record<string, number>, frames?: boolean}} from the last `seq` known of each run
 * @param {{onEvents: (run: string, events: Json[]) => void, onState?: (state: Json) => void,
 *   onConnection?: (state: "open" | "lost" | "asking" | "unreachable" | "gone" | "done") => void}} hear
 *   `lost`: the connection broke, and is tried again. `asking`: there is none, and the server is
 *   asked every `ASKED_EVERY` seconds. `unreachable`: it answers nothing. These hold until it is
 *   open. `gone`: the run or study does not exist (any more). `done`: everything was said.
 * @returns {{close: () => void}}
 */
export function follow(kind, id, { after = {}, frames = true } = {}, hear) {
  const cursors = { ...after };
  const going = new Set();
  const over = new Set(); // runs that told their end
  let socket = null;
  let turn = 0; // what belongs to an earlier one is not heeded any more
  let timer = 0;
  let silence = 0;
  let wait = FIRST_WAIT_MS;
  let mute = 0; // sockets in a row on which nothing came
  let socketAt = 0; // when to try the next one
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
    turn += 1;
    mute += 1;
    listen();
    own.addEventListener("open", () => {
      if (kind === "studies") own.send(JSON.stringify({ after: cursors, frames }));
    });
    own.addEventListener("message", ({ data }) => {
      if (closed || own !== socket) return;
      listen();
      wait = FIRST_WAIT_MS;
      mute = 0;
      tell("open");
      const message = JSON.parse(data);
      if (Array.isArray(message)) take(message);
      else if (message.type === "state") takeState(message);
    });
    own.addEventListener("close", ({ code }) => {
      if (closed || own !== socket) return;
      window.clearTimeout(silence);
      if (code === NOT_FOUND) end("gone");
      // A deleted run says nothing more either, but it has not come to an end.
      else if (code === DONE && going.size === 0) end("done");
      else lost();
    });
  }

  function listen() {
    window.clearTimeout(silence);
    silence = window.setTimeout(() => {
      const dead = socket;
      tell("lost");
      open(); // at once: an answer may be as long in coming as the next word here
      dead.close();
    }, SILENT_MS);
  }

  function end(state) {
    tell(state);
    close();
  }

  function close() {
    closed = true;
    window.clearTimeout(timer);
    window.clearTimeout(silence);
    window.removeEventListener("online", online);
    socket.close();
  }

  function takeState(message) {
    if (ended(message.state)) going.delete(message.run);
    else going.add(message.run);
    hear.onState?.(message);
  }

  function take(events) {
    for (const [run, its] of byRun(events)) {
      cursors[run] = Math.max(cursors[run] ?? -1, its.at(-1).seq);
      if (its.some(({ type }) => ended(type))) {
        going.delete(run);
        over.add(run);
      }
      hear.onEvents(run, its);
    }
  }

  /** A socket can't say why it was refused, and a plain request can; it brings what was missed, too. */
  async function lost() {
    turn += 1;
    const own = turn;
    const heeded = () => !closed && own === turn;
    if (told === "open") tell("lost");
    const status = await ask(heeded).then(
      () => 200,
      (problem) => {
        if (problem.status === undefined) throw problem;
        return problem.status;
      },
    );
    if (!heeded()) return;
    if (status === 404) return end("gone");
    if (status === 200 && going.size === 0) return end("done");
    if (status === 200 && mute > 0) {
      tell("asking");
      if (socketAt < Date.now()) socketAt = Date.now() + Math.min(1000 * 2 ** mute, SOCKET_MS);
      timer = window.setTimeout(() => (Date.now() < socketAt ? lost() : open()), 1000 * ASKED_EVERY);
      return;
    }
    tell(status === 0 ? "unreachable" : "lost");
    timer = window.setTimeout(open, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  /** What a socket would have brought so far. */
  async function ask(heeded) {
    const found = await read(kind, id, patience());
    for (const run of found.runs ?? [found]) {
      let next = run.last_seq > (cursors[run.id] ?? -1) ? (cursors[run.id] ?? -1) : null;
      while (next !== null) {
        const page = await eventsOf(run.id, { after: next, frames: frames ? null : false }, patience());
        if (!heeded()) return;
        take(page.events);
        next = page.next;
      }
      if (!heeded()) return;
      const { state, step, waits, ends_in, reason } = run;
      // Its events are younger than this: what they ended goes on no more.
      if (!over.has(run.id)) takeState({ type: "state", run: run.id, state, step, waits, ends_in, reason });
    }
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
  const url = new URL(`api/${kind}/${encodeURIComponent(id)}/live`, document.baseURI);
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
