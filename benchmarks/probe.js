// Looks over the page's shoulder: when messages come, what is drawn, which tasks are long.
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
})();
