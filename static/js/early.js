// Runs before the first paint, so that a dark room never sees a white flash. Not a module: a
// module would wait for the page.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  /** The theme to show: a stored choice, or what the system prefers. */
  function resolve() {
    let choice = "system";
    try {
      choice = window.localStorage.getItem("depthscope.theme") ?? "system";
    } catch {
      // Storage may be forbidden; the system's preference is then the choice.
    }
    const known = ["light", "dark", "projector"].includes(choice);
    return { choice: known ? choice : "system", theme: known ? choice : dark.matches ? "dark" : "light" };
  }

  function apply() {
    const root = document.documentElement;
    const { choice, theme } = resolve();
    const changed = root.dataset.theme !== theme;
    root.dataset.choice = choice;
    root.dataset.theme = theme;
    if (changed) document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  }

  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("themechoice", apply);
  window.addEventListener("storage", (event) => {
    if (event.key === "depthscope.theme") apply();
  });
})();
