/** Announce a sentence to screen readers, through the page's one live region. */
export function announce(text) {
  const region = document.getElementById("live");
  // The same sentence twice is a change only if the region was emptied between.
  if (region.textContent === text) region.textContent = "";
  window.requestAnimationFrame(() => {
    region.textContent = text;
  });
}
