// A setting that is a list of names: a box to tick for each that there is, with what it is.
import { make, write } from "#dom.js";
import { choicesOf } from "#logic/choices.js";

/**
 * A form's control; `chosen(names)` is called with each new list, in the catalogue's order. The last
 * one can't be taken away.
 *
 * @param {import("#logic/fields.js").Field} field
 * @param {Json} catalog
 * @param {(names: string[]) => void} chosen
 * @returns {{box: HTMLElement, show: (now: Json) => void}}
 */
export function several(field, catalog, chosen) {
  const options = choicesOf({ ...field.each, path: field.path }, catalog);
  const box = make("fieldset", { className: "field several" });
  box.dataset.path = field.path;
  const ticks = options.map(({ name }) => make("input", { type: "checkbox", name: field.path, value: name }));
  const problem = make("p", { className: "field-problem", hidden: true });
  const rows = options.map(({ title, summary }, i) => {
    const row = make("label", {});
    row.append(ticks[i], make("span", { textContent: title }), make("small", { textContent: summary }));
    return row;
  });
  box.append(make("legend", { className: "label", textContent: field.title }), ...rows, problem);
  box.addEventListener("change", ({ target }) => {
    const names = ticks.filter(({ checked }) => checked).map(({ value }) => value);
    if (names.length) chosen(names);
    else /** @type {HTMLInputElement} */ (target).checked = true;
  });
  return {
    box,
    show({ value, problem: wrong }) {
      for (const tick of ticks) tick.checked = value.includes(tick.value);
      problem.hidden = !wrong;
      write(problem, wrong);
    },
  };
}
