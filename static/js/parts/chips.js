// A set of values to choose from, as chips that toggle, and a way to add one that is not offered.
import { make } from "#dom.js";

/**
 * Mounts into a <fieldset>. `changed(values)` is called with the new choice; `mark(value)`, where
 * given, makes what stands before a label.
 *
 * update({options: [{value, label, title?, off?}], chosen, rule?, disabled}); an option that is `off`
 * can't be added; where `rule` is given (see logic/sweep.js), a number of one's own can be typed, and
 * what the rule refuses is said with what it allows.
 *
 * @param {HTMLElement} el
 * @param {Json} options
 */
export function mount(el, { legend, other, add, least = 1, refuse, accept, mark, changed }) {
  const title = make("legend", { textContent: legend });
  const list = make("div", { className: "chips" });
  const problem = make("p", { className: "chips-problem" });
  problem.setAttribute("role", "alert");
  const own = make("form", { className: "chips-own", noValidate: true, hidden: true });
  const field = make("input", { type: "text", inputMode: "decimal", size: 6, autocomplete: "off" });
  field.setAttribute("aria-label", other);
  field.placeholder = other;
  const button = make("button", { type: "submit", textContent: add });
  own.append(field, button);
  list.append(own);
  el.append(title, list, problem);
  let now = { options: [], chosen: [] };

  function say(text) {
    problem.textContent = text;
    field.setAttribute("aria-invalid", text ? "true" : "false");
  }

  own.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim().replace(",", ".");
    const value = text === "" ? NaN : Number(text);
    if (!now.rule || !accept(now.rule, value)) {
      say(refuse(now.rule, value));
      return;
    }
    say("");
    field.value = "";
    if (!now.chosen.includes(value)) changed([...now.chosen, value]);
  });

  function toggle(value, box) {
    const chosen = box.checked
      ? [...now.chosen, value]
      : now.chosen.filter((one) => one !== value);
    if (chosen.length < least) {
      box.checked = true;
      return;
    }
    say("");
    changed(chosen);
  }

  return {
    update(next) {
      now = next;
      title.textContent = next.legend ?? legend;
      const wanted = new Set(next.options.map(({ value }) => String(value)));
      const old = new Map();
      for (const chip of list.querySelectorAll("label")) {
        if (wanted.has(chip.dataset.value)) old.set(chip.dataset.value, chip);
        else chip.remove();
      }
      for (const { value, label, title: hint, off = false } of next.options) {
        const chip = old.get(String(value)) ?? made(value, toggle, mark);
        chip.querySelector("span").textContent = label;
        if (hint) chip.title = hint;
        const box = chip.querySelector("input");
        box.checked = next.chosen.includes(value);
        box.disabled = next.disabled === true || (off && !box.checked);
        // insertBefore moves a chip only where the order changed: a moved box loses its focus.
        const place = list.children[next.options.findIndex((one) => one.value === value)];
        if (place !== chip) list.insertBefore(chip, place ?? own);
      }
      own.hidden = !next.rule || next.rule.choices.length > 0;
      field.disabled = button.disabled = next.disabled === true;
    },
  };
}

function made(value, toggle, mark) {
  const chip = make("label", { className: "chip" });
  chip.dataset.value = String(value);
  const box = make("input", { type: "checkbox" });
  box.addEventListener("change", () => toggle(value, box));
  chip.append(box, ...(mark ? [mark(value)] : []), make("span"));
  return chip;
}
