// An analysis's parameters as a form: numbers and names, as the catalogue tells of them.
import { make } from "#dom.js";

/**
 * Fill an element with a field for each parameter.
 *
 * @param {HTMLElement} el
 * @param {{name: string, default: *, kind: string, title: string, help: string, minimum: number,
 *   maximum: number, names: string[]}[]} fields
 */
export function mount(el, fields) {
  const inputs = fields.map((field) => {
    const box = make("div", { className: "field" });
    const id = `asked-${field.name}`;
    const input = field.kind === "name" ? choice(id, field) : number(id, field);
    box.append(make("label", { htmlFor: id, textContent: field.title }), input);
    if (field.help) {
      const help = make("p", { className: "small", id: `${id}-help`, textContent: field.help });
      input.setAttribute("aria-describedby", help.id);
      box.append(help);
    }
    el.append(box);
    return [field, input];
  });
  return {
    /** What is asked, by the parameters' names. */
    get values() {
      return Object.fromEntries(
        inputs.map(([{ name, kind }, input]) => [name, kind === "name" ? input.value : input.valueAsNumber]),
      );
    },
  };
}

function choice(id, field) {
  const select = make("select", { id });
  select.append(...field.names.map((name) => new Option(name, name)));
  select.value = field.default;
  return select;
}

function number(id, { minimum, maximum, default: usual }) {
  const input = make("input", { id, type: "number", min: minimum, max: maximum, step: 1, required: true });
  input.value = usual;
  return input;
}
