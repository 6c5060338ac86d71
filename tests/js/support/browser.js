// A browser and a server in memory: sockets that a test speaks through, answers that it gives, and its own time.
import { mock } from "node:test";

/** A socket whose other end is the test. */
class Socket extends EventTarget {
  static OPEN = 1;
  static all = /** @type {Socket[]} */ ([]);

  constructor(url) {
    super();
    this.url = new URL(url);
    this.readyState = 0;
    this.sent = [];
    this.closed = false;
    Socket.all.push(this);
  }

  /** What the page sends. */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  /** The page hangs up. */
  close() {
    this.closed = true;
    this.readyState = 3;
  }

  /** The server takes the call, and says these messages. */
  says(...messages) {
    if (this.readyState === 0) {
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
    }
    for (const message of messages) {
      this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) }));
    }
  }

  /** The server hangs up, or the connection breaks. */
  async ends(code = 1006) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
    await calm();
  }
}

/** What gives up in the test's own time. */
const AbortSignalInTime = {
  timeout(ms) {
    const limit = new AbortController();
    setTimeout(() => limit.abort(new DOMException("It took too long.", "TimeoutError")), ms);
    return limit.signal;
  },
};

/** Until all that is under way without waiting for time is done. */
async function calm() {
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Put a new browser in the place of the one that is not there. `answers` are the server's, by "GET api/...": JSON, or a
 * promise of it, or a number for a refusal of that status; all else is 404. Without `reachable` nothing is answered; while it `hangs`
 * an answer does not come, and a question ends only where who asked gives up.
 *
 * @param {Record<string, Json | number | Promise<Json>>} answers
 */
export function browser(answers = {}) {
  Socket.all = [];
  const asked = /** @type {string[]} */ ([]);
  const server = { answers, reachable: true, hangs: false };
  const page = {
    window: globalThis,
    document: { baseURI: "http://server.test/page", hidden: false },
    WebSocket: Socket,
    AbortSignal: AbortSignalInTime,
    addEventListener() {},
    removeEventListener() {},
    async fetch(path, { method, signal }) {
      asked.push(`${method} ${path}`);
      if (!server.reachable) throw new TypeError("no network");
      if (server.hangs) await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      const answer = (await server.answers[`${method} ${path}`]) ?? 404;
      const status = typeof answer === "number" ? answer : 200;
      return new Response(JSON.stringify(status === 200 ? answer : { title: "refused" }), {
        status, headers: { "content-type": "application/json" },
      });
    },
  };
  for (const [name, value] of Object.entries(page)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  return {
    server,
    asked,
    /** The sockets that were opened, the last one last. */
    get sockets() {
      return Socket.all;
    },
    calm,
    /** Let so much time pass, in milliseconds. */
    async waits(ms) {
      mock.timers.tick(ms);
      await calm();
    },
  };
}
