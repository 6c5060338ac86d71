// Looks over the page's shoulder: when messages come, what is drawn, which tasks are long; and how long the
// bare things take in the same page, a socket's echo and a redraw by Plotly alone.
(() => {
  const seen = { pressed: null, messages: [], drawn: [], long: [], keep: false };
  window.probe = seen;
  let heard;
  seen.first = new Promise((resolve) => (heard = resolve));

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        // The first message with events is all that most measurements need.
        if (data.startsWith("[") && (seen.keep || seen.messages.length === 0)) {
          seen.messages.push({ at: Date.now(), data });
          heard();
        }
      });
    }
  };

  document.addEventListener(
    "click",
    ({ target }) => {
      if (target.closest("#train")) seen.pressed = Date.now();
    },
    { capture: true },
  );

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.long.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  // What the chart shows is looked up each animation frame, and stamped in a task of its own after
  // it: by then the frame is painted.
  let last = 0;
  const { port1, port2 } = new MessageChannel();
  let awaited = { step: Infinity, resolve: null };
  port1.onmessage = ({ data }) => {
    seen.drawn.push({ at: Date.now(), step: data });
    if (data >= awaited.step) awaited.resolve();
  };
  seen.shown = (step) =>
    new Promise((resolve) => (last >= step ? resolve() : (awaited = { step, resolve })));
  const look = () => {
    const lines = document
      .querySelector("#error-chart .js-plotly-plot")
      ?.data?.filter(({ mode, x }) => mode === "lines" && x?.length > 0);
    const step = lines?.length ? Math.min(...lines.map(({ x }) => x[x.length - 1])) : 0;
    if (step !== last) {
      last = step;
      port2.postMessage(step);
    }
    if (seen.keep) requestAnimationFrame(look);
  };
  seen.watch = () => {
    seen.keep = true;
    look();
  };

  /** Milliseconds from here to the answer of `address`, for each of so many messages of `size` letters. */
  seen.echoes = async (address, size, times, pause) => {
    const socket = new Socket(address);
    await new Promise((resolve) => (socket.onopen = resolve));
    const took = [];
    for (let n = 0; n < times; n += 1) {
      const began = performance.now();
      socket.send("x".repeat(size));
      await new Promise((resolve) => (socket.onmessage = resolve));
      took.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    socket.close();
    return took;
  };

  /** Milliseconds from asking Plotly to draw four lines of so many points to when they are painted. */
  seen.redraws = async (points, times, pause) => {
    const div = document.createElement("div");
    div.style = "position: fixed; inset: auto 0 0 auto; width: 400px; height: 250px; z-index: 99";
    document.body.append(div);
    const x = Array.from({ length: points }, (_, n) => n);
    const lines = (turn) => [0, 1, 2, 3].map((k) => ({ x, y: x.map((n) => Math.sin(n / 9 + k + turn)), mode: "lines" }));
    await window.Plotly.newPlot(div, lines(0), {}, { displayModeBar: false });
    const { port1: here, port2: there } = new MessageChannel();
    const took = [];
    for (let turn = 1; turn <= times; turn += 1) {
      const began = performance.now();
      const painted = new Promise((resolve) => (here.onmessage = resolve));
      await window.Plotly.react(div, lines(turn), {}, { displayModeBar: false });
      requestAnimationFrame(() => there.postMessage(null));
      await painted;
      took.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    window.Plotly.purge(div);
    div.remove();
    return took;
  };
})();
