// The settings as a form, made from the one table of fields.
import { button, make, write } from "../dom.js";
import { choicesOf } from "../logic/choices.js";
import { present } from "../logic/fields.js";
import { fromText } from "../logic/link.js";
import { has, t } from "../logic/words.js";

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
    const key = field.when ? `${field.path} ${field.when.is}` : field.path;
    if (!controls.has(key)) controls.set(key, control(field, catalog, { changed, typing }));
    return controls.get(key);
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
      const key = field.when ? `${field.path} ${field.when.is}` : field.path;
      controls.get(key)?.show({
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

const idOf = (path) => `field-${path.replace(/\W/g, "-")}`;

function control(field, catalog, { changed, typing }) {
  const id = idOf(field.path);
  const box = make("div", { className: "field" });
  box.dataset.path = field.path;
  const label = make("label", { htmlFor: id, textContent: labelOf(field.path) });
  const input = field.type === "choice" || field.type === "boolean" ? select(field, catalog) : number(field);
  input.id = id;
  input.name = field.path;
  const problem = make("p", { className: "field-problem", id: `${id}-problem`, hidden: true });
  const note = make("p", { className: "field-note", id: `${id}-note`, hidden: true });
  const stepped = field.path === "net.depth" ? depth(input, changed, field) : null;
  let shown = null;
  input.addEventListener("input", () => typing(field));
  input.addEventListener("change", () => changed(field, input.value));
  box.append(label, stepped ? stepped.row : input, problem, note);
  return { box, show };

  /** Show a text; a choice that is not offered here (any more) stands in the list all the same. */
  function take(text) {
    input.value = text;
    if (input.tagName !== "SELECT" || input.value === text) return;
    input.append(make("option", { value: text, textContent: text }));
    input.value = text;
  }

  function show({ value, values, unreadable, problem: wrong, note: said }) {
    if (field.path === "net.depth") stepped.show(value, catalog.families, values["net.family"]);
    // A text that is being typed, or that is wrong, stays as it was written: the page draws often.
    const text = value === null ? "" : String(value);
    const kept = unreadable || (document.activeElement === input && (wrong || text === shown));
    if (!kept && input.value !== text) take(text);
    shown = text;
    if (input.tagName === "SELECT") input.title = summaryOf(field, value, catalog);
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    say(problem, wrong);
    say(note, wrong ? "" : said);
    const about = [wrong && problem.id, !wrong && said && note.id].filter(Boolean).join(" ");
    if (about) input.setAttribute("aria-describedby", about);
    else input.removeAttribute("aria-describedby");
  }
}

/** A setting's name; one that is newer than the words goes by its path. */
export function labelOf(path) {
  const key = `common.fields.${path}`;
  return has(key) ? t(key) : path;
}

function say(paragraph, text) {
  paragraph.hidden = !text;
  write(paragraph, text);
}

function summaryOf(field, value, catalog) {
  return choicesOf(field, catalog).find(({ name }) => name === value)?.summary ?? "";
}

function select(field, catalog) {
  const choices =
    field.type === "boolean"
      ? [{ name: "true", title: t("common.choices.on") }, { name: "false", title: t("common.choices.off") }]
      : choicesOf(field, catalog);
  const box = make("select");
  for (const { name, title, summary } of choices) {
    const option = make("option", { value: name, textContent: wordsOf(field, name) ?? title });
    if (summary) option.title = summary;
    box.append(option);
  }
  return box;
}

/** Choices that the catalog has no title for have their words here. */
function wordsOf(field, name) {
  const key = `common.choices.${name}`;
  return field.path === "device" && has(key) ? t(key) : null;
}

function number(field) {
  const input = make("input", { type: "number", inputMode: field.type === "integer" ? "numeric" : "decimal" });
  input.step = field.type === "integer" ? "1" : "any";
  if (field.min !== undefined) input.min = String(field.min);
  if (field.max !== undefined) input.max = String(field.max);
  if (field.nullable) input.placeholder = t(`common.choices.${field.path.endsWith("limit") ? "all" : "empty"}`);
  input.autocomplete = "off";
  return input;
}

/** Depth: stepped over the depths that the family can have, by button, key or slider. */
function depth(input, changed, field) {
  const row = make("div", { className: "depth" });
  const less = stepper("−", "lab.shallower", -1);
  const more = stepper("+", "lab.deeper", 1);
  const slider = make("input", { type: "range", className: "depth-slider", min: "0", step: "1" });
  slider.setAttribute("aria-label", t("lab.depth_slider"));
  const usual = 110; // the slider's end: deeper is typed
  let range = null;
  let current = 0;
  slider.addEventListener("input", () => {
    input.value = String(range.min + Number(slider.value) * range.step);
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

  function show(value, families, family) {
    range = families.find(({ name }) => name === family).depths;
    current = value;
    input.min = String(range.min);
    input.max = String(range.max);
    input.step = String(range.step);
    slider.max = String(Math.floor((Math.min(usual, range.max) - range.min) / range.step));
    const place = Math.round((value - range.min) / range.step);
    if (slider.value !== String(place)) slider.value = String(place);
    slider.setAttribute("aria-valuetext", String(value));
    less.disabled = value <= range.min;
    more.disabled = value >= range.max;
  }
}
