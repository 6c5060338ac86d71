import { button, make } from "#dom.js";

/**
 * A list of notices that stand until what they speak of is over.
 *
 * `update([{key, text, kind?, action?: {label, run}}])`: one with the same key and text stays as
 * it is, so that it keeps the focus and is not read out again.
 */
export function mount(el) {
  let shown = new Map();

  function update(notices) {
    const next = new Map();
    for (const notice of notices) {
      const id = `${notice.key} ${notice.text}`;
      next.set(id, shown.get(id) ?? build(notice));
    }
    for (const [id, element] of shown) if (!next.has(id)) element.remove();
    for (const element of next.values()) if (!element.isConnected) el.append(element);
    shown = next;
  }

  return { update };
}

function build({ text, kind = "info", action }) {
  const box = make("div", { className: "notice row middle" });
  box.dataset.kind = kind;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  box.append(make("p", { textContent: text }));
  if (action) box.append(button(action.label, action.run));
  return box;
}
