// What a sweep trains: which field, which values, which networks, which seeds.
import { write } from "#dom.js";
import { unmet } from "#logic/choices.js";
import { flatten } from "#logic/spec.js";
import { t } from "#logic/words.js";
import { settingWords } from "#logic/specwords.js";
import { skipName } from "#logic/skips.js";
import { fieldName, refusal } from "#logic/sweepwords.js";
import {
  DEPTH, allows, faults, moved, offers, ordered, rebased, ruleFor, runCount,
} from "#logic/sweep.js";
import { mount as mountChips } from "#parts/chips.js";
import { swatch } from "#charts/swatch.js";

/**
 * Mounts on the plan of templates/depth.html.
 *
 * `changed(plan)` is called with each new plan, `train()`, `cancel()` and `edit()` on their buttons.
 * update({plan, busy, refused, cancellable, summary, folded}): folded, the summary stands for the
 * controls, as it does on paper.
 */
export function mount(el, { catalog, changed, train, cancel, edit }) {
  const at = (id) => el.querySelector(`#${id}`);
  const picker = at("field");
  const [button, stop, ask, problem] = ["train", "cancel", "ask-lr", "plan-problem"].map(at);
  let plan = null;
  const words = { other: t("depth.plan.other"), add: t("depth.plan.add"), refuse: refusal, accept: allows };
  const set = (part) => changed({ ...plan, ...part });
  const rule = () => ruleFor(plan.field, plan.base, catalog, plan.skips);
  const skipRule = { choices: catalog.skips.map(({ name }) => name) };
  const chips = {
    values: mountChips(at("values"), {
      ...words,
      legend: "",
      changed: (values) => set({ values: ordered(values, rule()) }),
    }),
    skips: mountChips(at("skips"), {
      ...words,
      legend: t("depth.plan.skips"),
      mark: (skip) => swatch(skip),
      // Not every choice goes with every skip.
      changed: (skips) => changed(rebased({ ...plan, skips: ordered(skips, skipRule) }, plan.base, catalog)),
    }),
    seeds: mountChips(at("seeds"), {
      ...words,
      legend: t("depth.plan.seeds"),
      changed: (seeds) => set({ seeds: [...seeds].sort((a, b) => a - b) }),
    }),
  };
  picker.addEventListener("change", () => changed(moved(plan, picker.value, catalog)));
  button.addEventListener("click", train);
  stop.addEventListener("click", cancel);
  at("edit").addEventListener("click", () => {
    edit();
    picker.focus();
  });
  ask.addEventListener("click", () => {
    changed(moved(plan, plan.field === "optimizer.lr" ? DEPTH : "optimizer.lr", catalog));
  });

  /** Only fields that this base has: Adam has no momentum. */
  function sweepable() {
    return [DEPTH, ...catalog.sweepable].filter((field) => ruleFor(field, plan.base, catalog));
  }

  /** A skip as a chip; one that the base can't have, or that would be too many, says so and can't be taken. */
  function offered(skip) {
    const need = unmet({ path: "net.skip" }, skip, flatten(plan.base));
    const most = catalog.most.skips;
    const many = plan.skips.length >= most && !plan.skips.includes(skip.name);
    const why = need ? t("lab.needs", { title: skip.title, why: need.why }) : many ? t("depth.plan.most_skips", { most }) : "";
    return { value: skip.name, label: skipName(skip.name), title: why || skip.summary, off: why !== "" };
  }

  return {
    update({ plan: next, busy, refused, cancellable, summary, folded }) {
      plan = next;
      el.classList.toggle("folded", folded);
      at("plan-summary").textContent = summary;
      const fields = sweepable();
      if (fields.join() !== [...picker.options].map(({ value }) => value).join()) {
        picker.replaceChildren(...fields.map((field) => new Option(fieldName(field), field)));
      }
      picker.value = plan.field;
      picker.disabled = busy;
      const ruled = rule();
      chips.values.update({
        legend: fieldName(plan.field),
        options: offers(plan.field, ruled, plan.values).map((value) => ({
          value,
          label: typeof value === "string" ? settingWords(plan.field, value) : String(value),
        })),
        chosen: plan.values,
        rule: ruled,
        disabled: busy,
      });
      chips.skips.update({
        options: catalog.skips.map((skip) => offered(skip)),
        chosen: plan.skips,
        disabled: busy,
      });
      const seed = ruleFor("seed", plan.base, catalog);
      chips.seeds.update({
        options: offers("seed", seed, plan.seeds).map((value) => ({ value, label: String(value) })),
        chosen: plan.seeds,
        rule: seed,
        disabled: busy,
      });
      const wrong = faults(plan, catalog);
      const n = runCount(plan);
      button.textContent = t(busy ? "depth.plan.training" : "depth.plan.train", { n });
      button.disabled = busy || wrong.length > 0 || refused !== "";
      stop.hidden = !cancellable;
      ask.hidden = busy || !ruleFor("optimizer.lr", plan.base, catalog);
      ask.textContent = t(plan.field === "optimizer.lr" ? "depth.plan.ask_depth" : "depth.plan.ask_lr");
      const text = wrong.length ? faultWords(wrong[0], ruled) : refused;
      problem.hidden = text === "";
      write(problem, text);
    },
  };
}

function faultWords(fault, rule) {
  if (fault.problem === "data") return fault.why;
  if (fault.problem !== "illegal") return t(`depth.plan.fault.${fault.problem}`, fault);
  const value = typeof fault.value === "string" ? settingWords(rule.path, fault.value) : fault.value;
  return t("depth.plan.fault.illegal", { value, why: refusal(rule, fault.value) });
}
