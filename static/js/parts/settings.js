// What all runs of a sweep have in common: the same form as the Lab's, without what is swept.
import { lackOf, nameOf } from "../logic/data.js";
import { defaultsOf, fault, fieldsOf, present } from "../logic/fields.js";
import { settle } from "../logic/settle.js";
import { flatten, nest, same } from "../logic/spec.js";
import { allows, ruleFor } from "../logic/sweep.js";
import { refusal } from "../logic/sweepwords.js";
import { t } from "../logic/words.js";
import { labelOf, mount as mountForm } from "./form.js";

const PATHS = [
  "net.family", "data.name", "net.depth", "steps", "optimizer.name", "optimizer.lr", "batch_size",
  "net.width", "net.norm", "net.init", "net.activation", "net.downsample", "optimizer.momentum",
  "optimizer.weight_decay", "optimizer.beta1", "optimizer.beta2", "data.limit", "evaluate.limit", "device",
];

/**
 * Mounts into a <fieldset>. `changed(base)` is called with each legal RunSpec, `refused()` at a
 * value that is not. update({base, swept, disabled}) shows one, without the field that is swept;
 * `wrong()` says what was refused, in words, until another base or a legal value is there.
 */
export function mount(el, { catalog, changed, refused, counted }) {
  const table = fieldsOf(catalog);
  let base = null;
  let swept = "";
  let form = null;
  let problems = {};
  let wanted = {}; // the value that was refused, as it was typed
  let notes = {};

  function take(path, value) {
    const before = { ...defaultsOf(table, { "optimizer.name": base.optimizer.name }), ...flatten(base) };
    const wrong = problemOf(path, value);
    problems = wrong ? { [path]: wrong } : {};
    notes = {};
    wanted = {};
    if (wrong) {
      wanted = { [path]: value };
      refused();
      return;
    }
    const { values, moved } = settle({ ...before, [path]: value }, path, catalog, before);
    for (const change of moved) notes[change.path] = t(`lab.notice.moved_${change.because}`);
    changed({ version: 1, ...nest(optimizerOf(values, path)) });
  }

  /** Another optimizer comes with its own defaults: 0.05 is no rate for Adam. */
  function optimizerOf(values, path) {
    if (path !== "optimizer.name") return values;
    const kept = Object.entries(values).filter(([name]) => !name.startsWith("optimizer."));
    const fresh = defaultsOf(table, { "optimizer.name": values["optimizer.name"] });
    return { ...Object.fromEntries(kept), ...pick(fresh, "optimizer.") };
  }

  function problemOf(path, value) {
    const field = present(table, flatten(base)).find((one) => one.path === path);
    if (value === null || field.type === "choice") return fault(field, value) ? t("depth.plan.refuse.number") : "";
    const rule = ruleFor(path, base, catalog);
    return allows(rule, value) ? "" : refusal(rule, value);
  }

  return {
    update({ base: next, swept: field, disabled }) {
      if (base !== next) problems = wanted = {};
      base = next;
      if (form === null || field !== swept) {
        swept = field;
        el.replaceChildren();
        form = mountForm([{ element: el, paths: PATHS.filter((path) => path !== swept) }], table, {
          catalog,
          onChange: take,
        });
      }
      el.disabled = disabled;
      const usual = defaultsOf(table, { "optimizer.name": base.optimizer.name });
      const values = { ...usual, ...flatten(base) };
      const lack = lackOf(nameOf(base), catalog);
      form.update({ values: { ...values, ...wanted }, problems: lack ? { "data.name": lack, ...problems } : problems, notes });
      const differ = PATHS.filter((path) => path !== swept && path in values);
      counted(differ.filter((path) => !same(values[path], usual[path])).length);
    },
    wrong: () => Object.entries(problems).map(([path, why]) => `${labelOf(path)}: ${why}`).join(" "),
  };
}

function pick(values, prefix) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith(prefix)));
}
