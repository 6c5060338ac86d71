// What all runs of a sweep have in common: the same form as the Lab's, without what is swept.
import { lackOf } from "#logic/data.js";
import { arranged, completed, fault, fieldAt, fieldsOf, present, rootOf } from "#logic/fields.js";
import { reconcile } from "#logic/reconcile.js";
import { flatten, nest, same } from "#logic/spec.js";
import { allows, ruleFor } from "#logic/sweep.js";
import { refusal } from "#logic/sweepwords.js";
import { t } from "#logic/words.js";
import { mount as mountForm } from "#parts/form.js";

/** What has a place in the form, each with its parameters. */
const ORDER = [
  "net.family", "data", "net.depth", "steps", "optimizer", "batch_size",
  "net.width", "net.branch", "net.placement", "net.tail", "net.norm", "net.init", "net.activation", "net.downsample",
  "data.limit", "data.resize", "evaluate.limit", "device", "measures",
];

/**
 * Mounts into a <fieldset>. `changed(base)` is called with each legal RunSpec, `refused()` at a
 * value that is not. update({base, swept, disabled}) shows one, without the field that is swept;
 * `wrong()` says what was refused, in words, until another base or a legal value is there.
 */
export function mount(el, { catalog, changed, refused, counted }) {
  const table = fieldsOf(catalog);
  const paths = arranged(table.filter((field) => ORDER.includes(rootOf(field))), ORDER);
  const titleOf = (path) => table.find((field) => field.path === path).title;
  let base = null;
  let swept = "";
  let form = null;
  let problems = {};
  let wanted = {}; // the value that was refused, as it was typed
  let notes = {};

  function take(path, value) {
    const before = completed(table, flatten(base));
    const wrong = problemOf(path, value);
    problems = wrong ? { [path]: wrong } : {};
    notes = {};
    wanted = {};
    if (wrong) {
      wanted = { [path]: value };
      refused();
      return;
    }
    const { values, moved } = reconcile({ ...before, [path]: value }, path, { catalog, table }, before);
    for (const change of moved) notes[change.path] = t(`lab.notice.moved_${change.because}`, change.words);
    changed(nest(values));
  }

  function problemOf(path, value) {
    const field = fieldAt(table, completed(table, flatten(base)), path);
    if (value === null || ["choice", "list"].includes(field.kind)) return fault(field, value) ? t("depth.plan.refuse.number") : "";
    const rule = path === "batch_size" ? ruleFor(path, base, catalog) : field; // groups move with a width
    return allows(rule, value) ? "" : refusal(rule, value);
  }

  return {
    update({ base: next, swept: field, disabled }) {
      if (base !== next) problems = wanted = {};
      base = next;
      if (form === null || field !== swept) {
        swept = field;
        el.replaceChildren();
        form = mountForm([{ element: el, paths: paths.filter((path) => path !== swept) }], table, {
          catalog,
          onChange: take,
        });
      }
      el.disabled = disabled;
      const values = completed(table, flatten(base));
      const lack = lackOf(base, catalog);
      form.update({ values: { ...values, ...wanted }, problems: lack ? { data: lack, ...problems } : problems, notes });
      const differ = present(table, values).filter(({ path }) => path !== swept && paths.includes(path));
      counted(differ.filter(({ path, default: usual }) => !same(values[path], usual)).length);
    },
    wrong: () => Object.entries(problems).map(([path, why]) => `${titleOf(path)}: ${why}`).join(" "),
  };
}
