// Sliders for what can be changed while a pair trains.
import { Problem } from "#api.js";
import { make, write } from "#dom.js";
import { STRENGTH, changedTo, fromPower, liveField, toPower } from "#logic/changes.js";
import { plain } from "#logic/format.js";
import { oneAtATime } from "#logic/latest.js";
import { placeName } from "#logic/strip.js";
import { t } from "#logic/words.js";
import { announce } from "#parts/announce.js";
import { complain } from "#parts/complaint.js";

const RATE = "optimizer.lr";
const POWERS = [-5, 1]; // of ten: learning rates that are of use

/**
 * Mount into a fieldset.
 *
 * `update({race, values, step, can, block})`: `values` are the pair's settings, `step` the last that both
 * have done, `can` tells whether it may be changed now, `block` is that which was chosen on a strip, or null.
 */
export function mount(el, { catalog }) {
  const rate = slider("rate", { from: fromPower, to: toPower, min: POWERS[0], max: POWERS[1], step: 0.05 });
  const strength = slider("strength", { from: Number, to: Number, min: 0, max: 1, step: 0.05 });
  const outcome = make("output", { className: "changes-said" });
  el.append(rate.box, strength.box, outcome);
  let now = /** @type {Json} */ ({ block: null });
  let race = null;
  let last = 0; // the step of the last change that was made here
  const requests = oneAtATime(send, () => update(now));

  function slider(name, { from, to, ...range }) {
    const id = `changes-${name}`;
    const box = make("div", { className: "changes-slider" });
    const label = make("label", { htmlFor: id });
    const input = make("input", { type: "range", id, ...range });
    const value = make("span", { className: "changes-value" });
    value.setAttribute("aria-hidden", "true");
    box.append(label, input, value);
    const one = { box, label, input, path: "", moved: false, show }; // moved since it was let go of last
    let pressed = false;
    input.addEventListener("input", () => {
      one.moved = true;
      tell(from(input.valueAsNumber));
    });
    // By keyboard a value is let go of with the key, however often it moved meanwhile.
    input.addEventListener("keydown", () => (pressed = true));
    input.addEventListener("keyup", () => ((pressed = false), release()));
    input.addEventListener("blur", () => ((pressed = false), release()));
    input.addEventListener("change", () => pressed || release());
    return one;

    function release() {
      if (one.moved) requests.give({ [one.path]: from(input.valueAsNumber) });
      one.moved = false;
    }

    function tell(number) {
      write(value, plain(number));
      input.setAttribute("aria-valuetext", plain(number));
    }

    function show(number) {
      if (held(one)) return;
      const place = to(number);
      Object.assign(input, { min: Math.min(range.min, place), max: Math.max(range.max, place) });
      input.value = String(place);
      tell(number);
    }
  }

  /** A slider in a person's hand, or whose value is under way, stays where it is. */
  const held = (one) => one.moved || requests.busy;

  async function send(values) {
    try {
      done(values, await race.set(values));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      complain(error);
    }
  }

  function done(values, study) {
    const [[path, value]] = Object.entries(values);
    const holds = ({ spec }) => spec.changes.some((change) => path in change.set);
    const { step } = study.spec.base.changes.findLast((change) => path in change.set);
    last = step;
    now.values &&= { ...now.values, changes: study.spec.base.changes }; // the page is told of them later
    const where = study.runs.every(holds) ? "both" : "skips";
    write(outcome, t(`lab.changes.said_${where}`, { what: named(path), value: plain(value), step }));
    announce(outcome.textContent);
  }

  function update(next) {
    now = next;
    el.hidden = !next.can;
    if (race !== next.race) {
      write(outcome, "");
      last = 0;
    }
    race = next.race;
    if (!next.can) return;
    const values = next.values;
    const has = (path) => liveField(catalog.live, values, path);
    const block = next.block === null ? "" : `.${next.block}`;
    rate.path = RATE;
    if (!held(strength)) strength.path = `${STRENGTH}${block}`;
    write(rate.label, t("lab.changes.rate"));
    write(strength.label, named(strength.path));
    strength.box.hidden = !has(STRENGTH);
    // Of a link that repeats changes, some are still to come.
    const made = values.changes.filter(({ step }) => step <= Math.max(last, next.step));
    rate.show(changedTo(made, RATE) ?? values[RATE]);
    if (has(STRENGTH)) strength.show(changedTo(made, strength.path) ?? 1);
    el.title = has(STRENGTH) ? t("lab.changes.hint") : t("lab.changes.no_strength");
  }

  return { update };
}

/** What a strength's path is of. */
function named(path) {
  if (path === RATE) return t("lab.changes.rate");
  const block = path.slice(STRENGTH.length + 1);
  return block ? t("lab.changes.strength_one", { block: placeName(block).toLowerCase() }) : t("lab.changes.strength");
}
