// The settings as a form, made from the one table of fields.
import { button, make, write } from "#dom.js";
import { choicesOf, unmet } from "#logic/choices.js";
import { present } from "#logic/fields.js";
import { fromText } from "#logic/link.js";
import { t } from "#logic/words.js";
import { several } from "#parts/several.js";

/**
 * Mount a form. `onChange(path, value)` is called with each legal reading of a control; a text
 * that is no number at all is a problem of the form itself.
 *
 * `update({values, problems, notes})`: `problems` and `notes` are `{path: text}`.
 *
 * @param {{element: Element, paths: string[]}[]} places where which fields go, in order
 */
export function mount(places, table, { catalog, onChange }) {
  const controls = new Map();
  const unreadable = new Map();
  let last = null;

  /** Show the fields that exist with these values, and only those. */
  function arrange(values) {
    const fields = present(table, values);
    for (const { element, paths } of places) {
      const wanted = fields.filter(({ path }) => paths.includes(path));
      wanted.sort((a, b) => paths.indexOf(a.path) - paths.indexOf(b.path));
      const boxes = wanted.map((field) => controlOf(field).box);
      const same = boxes.length === element.children.length;
      if (!same || boxes.some((box, i) => element.children[i] !== box)) element.replaceChildren(...boxes);
    }
  }

  function controlOf(field) {
    if (!controls.has(field)) controls.set(field, made(field));
    return controls.get(field);
  }

  function made(field) {
    if (field.kind === "list") return several(field, catalog, (names) => onChange(field.path, names));
    return control(field, catalog, { changed, typing });
  }

  function changed(field, text) {
    const value = fromText(field, text);
    if (value === undefined) {
      unreadable.set(field.path, t("lab.notice.not_number"));
      update(last);
      return;
    }
    unreadable.delete(field.path);
    onChange(field.path, value);
  }

  /** A text that is being mended is not held against anybody until it is entered. */
  function typing(field) {
    if (unreadable.delete(field.path)) update(last);
  }

  function update({ values, problems = {}, notes = {} }) {
    last = { values, problems, notes };
    arrange(values);
    for (const field of present(table, values)) {
      controls.get(field)?.show({
        value: values[field.path],
        values,
        unreadable: unreadable.has(field.path),
        problem: unreadable.get(field.path) ?? problems[field.path] ?? "",
        note: notes[field.path] ?? "",
      });
    }
  }

  return {
    update,
    /** The paths that have a control of their own; what is wrong with others must be said elsewhere. */
    paths: () => places.flatMap(({ paths }) => paths),
    /** Take every text back to its value. */
    reset: () => unreadable.clear(),
  };
}

/** What no number means, where that is not "automatic". */
const EMPTY = { limit: "all", resize: "as_is" };

const idOf = (path) => `field-${path.replace(/\W/g, "-")}`;

function control(field, catalog, { changed, typing }) {
  const id = idOf(field.path);
  const box = make("div", { className: "field" });
  box.dataset.path = field.path;
  const label = make("label", { htmlFor: id, textContent: field.title });
  const options = optionsOf(field, catalog);
  const input = options.length ? select(options) : number(field);
  input.id = id;
  input.name = field.path;
  label.title = field.help; // where there is no room for the sentence below it
  const help = make("p", { className: "field-help", id: `${id}-help`, hidden: !field.help, textContent: field.help });
  const problem = make("p", { className: "field-problem", id: `${id}-problem`, hidden: true });
  const note = make("p", { className: "field-note", id: `${id}-note`, hidden: true });
  const stepped = field.path === "net.depth" ? depth(input, changed, field) : null;
  let shown = null;
  input.addEventListener("input", () => typing(field));
  input.addEventListener("change", () => changed(field, input.value));
  box.append(label, stepped ? stepped.row : input, help, problem, note);
  return { box, show };

  /** Show a text; a choice that is not offered here (any more) stands in the list all the same. */
  function take(text) {
    input.value = text;
    if (input.tagName !== "SELECT" || input.value === text) return;
    input.append(make("option", { value: text, textContent: text }));
    input.value = text;
  }

  /** Choices that ask for something else than the other settings are can't be taken, and say why. */
  function offer(values) {
    options.forEach((choice, i) => {
      const need = unmet(field, choice, values);
      input.options[i].disabled = need !== undefined;
      input.options[i].title = need ? t("lab.needs", { title: choice.title, why: need.why }) : choice.summary;
    });
    input.title = input.selectedOptions[0]?.title ?? "";
  }

  function show({ value, values, unreadable, problem: wrong, note: hint }) {
    stepped?.show(value);
    // A text that is being typed, or that is wrong, stays as it was written: the page draws often.
    const text = value === null ? "" : String(value);
    const kept = unreadable || (document.activeElement === input && (wrong || text === shown));
    if (!kept && input.value !== text) take(text);
    shown = text;
    if (input.tagName === "SELECT") offer(values);
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    say(problem, wrong);
    say(note, wrong ? "" : hint);
    const about = [field.help && help.id, wrong && problem.id, !wrong && hint && note.id].filter(Boolean).join(" ");
    if (about) input.setAttribute("aria-describedby", about);
    else input.removeAttribute("aria-describedby");
  }
}

function say(paragraph, text) {
  paragraph.hidden = !text;
  write(paragraph, text);
}

/** What a list offers, if the setting has one. */
function optionsOf(field, catalog) {
  if (field.kind === "choice") return choicesOf(field, catalog);
  const option = (name, key) => ({ name, title: t(`common.choices.${key}`), summary: "", needs: [] });
  return field.kind === "boolean" ? [option("true", "on"), option("false", "off")] : [];
}

function select(options) {
  const box = make("select");
  for (const { name, title } of options) box.append(make("option", { value: name, textContent: title }));
  return box;
}

function number(field) {
  const input = make("input", { type: "number", inputMode: field.kind === "integer" ? "numeric" : "decimal" });
  input.step = field.kind === "integer" ? String(field.step) : "any";
  if (field.minimum !== null) input.min = String(field.minimum);
  if (field.maximum !== null) input.max = String(field.maximum);
  if (field.nullable) input.placeholder = t(`common.choices.${EMPTY[field.path.split(".").at(-1)] ?? "empty"}`);
  input.autocomplete = "off";
  return input;
}

/** Depth: stepped over the depths that the network can have, by button, key or slider. */
function depth(input, changed, field) {
  const { minimum: low, maximum: high, step } = field;
  const row = make("div", { className: "depth" });
  const less = stepper("−", "lab.shallower", -1);
  const more = stepper("+", "lab.deeper", 1);
  const usual = 110; // the slider's end: deeper is typed
  const slider = make("input", { type: "range", className: "depth-slider", min: "0", step: "1" });
  slider.max = String(Math.floor((Math.min(usual, high) - low) / step));
  slider.setAttribute("aria-label", t("lab.depth_slider"));
  let current = 0;
  slider.addEventListener("input", () => {
    input.value = String(low + Number(slider.value) * step);
    changed(field, input.value);
  });
  row.append(less, input, more, slider);
  return { row, show };

  function stepper(sign, words, way) {
    const made = button(sign, pressed, { className: "stepper" });
    made.setAttribute("aria-label", t(words));
    return made;

    function pressed() {
      if (input.value === "") input.value = String(current);
      if (way < 0) input.stepDown();
      else input.stepUp();
      changed(field, input.value);
    }
  }

  function show(value) {
    current = value;
    const place = Math.round((value - low) / step);
    if (slider.value !== String(place)) slider.value = String(place);
    slider.setAttribute("aria-valuetext", String(value));
    less.disabled = value <= low;
    more.disabled = value >= high;
  }
}
