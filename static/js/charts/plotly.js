// Plotly comes as a script of its own (base.html), loaded beside the modules.

/** Plotly, once its script has run. Rejects when the script can't be loaded. */
export const ready = new Promise((resolve, reject) => {
  if (window.Plotly) {
    resolve(window.Plotly);
    return;
  }
  const script = document.getElementById("plotly");
  script.addEventListener("load", () => resolve(window.Plotly), { once: true });
  script.addEventListener("error", () => reject(new Error(script.src)), { once: true });
});
