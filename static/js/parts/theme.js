// The theme switch in the header: system, light, dark or projector, kept in this browser.
const KEY = "depthscope.theme";
const select = document.getElementById("theme-choice");

select.value = document.documentElement.dataset.choice;
select.addEventListener("change", () => {
  try {
    window.localStorage.setItem(KEY, select.value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  document.dispatchEvent(new CustomEvent("themechoice", { detail: select.value }));
});
document.addEventListener("themechange", () => {
  select.value = document.documentElement.dataset.choice;
});
