// A question with two answers, in the page's own <dialog>: nothing is deleted by one click.
/**
 * Asks, and resolves to true only for the confirming button.
 *
 * `dialog` holds [data-title], [data-text], a button [value=yes] and a button [value=no]. The
 * safe answer has the focus first; Escape is that answer; the focus then goes back to where it
 * was, if that is still there, and else to `fallback`.
 */
export function ask(dialog, { title, text, yes, fallback }) {
  const before = document.activeElement;
  dialog.querySelector("[data-title]").textContent = title;
  dialog.querySelector("[data-text]").textContent = text;
  const confirming = dialog.querySelector("[value=yes]");
  confirming.textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.querySelector("[value=no]").focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        const home = before?.isConnected && before !== document.body ? before : fallback;
        home?.focus();
        resolve(dialog.returnValue === "yes");
      },
      { once: true },
    );
  });
}
