// Paper: a page that is printed shows every chart whole and in ink.
const media = window.matchMedia("print");
let on = media.matches;

/** Whether the page is on its way to paper. Its look is then another: "themechange" tells of that. */
export const onPaper = () => on;

function set(next) {
  if (next === on) return;
  on = next;
  document.dispatchEvent(new CustomEvent("themechange", { detail: document.documentElement.dataset.theme }));
}

// A print takes the page as it stands when beforeprint is over; a browser's tools change the medium alone.
window.addEventListener("beforeprint", () => set(true));
window.addEventListener("afterprint", () => set(false));
media.addEventListener("change", ({ matches }) => set(matches));
