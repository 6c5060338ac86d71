// Sees how a first visit goes, and tells the server once the page has come to rest.
(() => {
  const QUIET_MS = 1500;
  const long = [];
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      long.push([startTime, duration]);
      moved = Math.max(moved, startTime + duration);
    }
  }).observe({ type: "longtask", buffered: true });

  const drawn = () => document.querySelector("#flow-chart .js-plotly-plot .scatterlayer .trace");
  const usable = () => document.querySelector("#train:enabled");
  let step0 = null;
  const look = window.setInterval(() => {
    if (document.readyState !== "complete" || !drawn() || !usable()) return;
    step0 ??= performance.now();
    if (performance.now() < Math.max(step0, moved) + QUIET_MS) return;
    window.clearInterval(look);
    tell();
  }, 20);

  function tell() {
    const [navigation] = performance.getEntriesByType("navigation");
    const files = [navigation, ...performance.getEntriesByType("resource")];
    const own = files.filter(({ name }) => !name.endsWith("/visit.js"));
    fetch("/visit", {
      method: "POST",
      body: JSON.stringify({
        bytes: own.reduce((sum, { transferSize }) => sum + transferSize, 0),
        loaded: navigation.domContentLoadedEventEnd,
        step0,
        long,
      }),
    });
  }
})();
