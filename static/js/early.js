// Runs before the first paint, so that a dark room never sees a white flash. Not a module: a
// module would wait for the page.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  const root = document.documentElement;

  /** The choice that this browser keeps, if any. */
  function stored() {
    try {
      return window.localStorage.getItem("depthscope.theme");
    } catch {
      // Storage may be forbidden; a choice then lasts as long as the page.
      return root.dataset.choice;
    }
  }

  /** Show a choice; "system", or one that is not known, is what the system prefers. */
  function apply(choice) {
    const known = ["light", "dark", "projector"].includes(choice);
    const theme = known ? choice : dark.matches ? "dark" : "light";
    const changed = root.dataset.theme !== theme;
    root.dataset.choice = known ? choice : "system";
    root.dataset.theme = theme;
    if (changed) document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  }

  apply(stored());
  dark.addEventListener("change", () => apply(root.dataset.choice));
  document.addEventListener("themechoice", ({ detail }) => apply(detail));
  window.addEventListener("storage", (event) => {
    if (event.key === "depthscope.theme") apply(stored());
  });
})();
