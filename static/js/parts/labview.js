// Everything of the Lab that shows and does not ask: takeaway, status, strips, charts, numbers.
import { make, write } from "#dom.js";
import { dataOf } from "#logic/data.js";
import { factsOf } from "#logic/facts.js";
import { failureOf } from "#logic/failure.js";
import { studyFieldsOf } from "#logic/fields.js";
import { scientific, seconds } from "#logic/format.js";
import { badgeOf, buttons, complete, earlyEnd, statusOf } from "#logic/lab.js";
import { rateOf, timeLeft } from "#logic/pace.js";
import { Cut, milestones, reach, sidesOf } from "#logic/pair.js";
import { sentences } from "#logic/takeawaywords.js";
import { skipName } from "#logic/skips.js";
import { skipOf } from "#logic/spec.js";
import { settingWords } from "#logic/specwords.js";
import { active } from "#logic/states.js";
import { takeaway } from "#logic/takeaway.js";
import { noticeWords, soonest, waitingWords } from "#logic/waiting.js";
import { reasonOf, withReason } from "#logic/reasons.js";
import { t } from "#logic/words.js";
import { mount as mountExport } from "#parts/export.js";
import { mount as mountFacts } from "#parts/facts.js";
import { mount as mountChanges } from "#parts/changes.js";
import { mount as mountCharts } from "#parts/labcharts.js";
import { mount as mountNotices } from "#parts/notices.js";
import { mount as mountSamples } from "#parts/samples.js";
import { announce } from "#parts/announce.js";
import { mount as mountMicroscope } from "#parts/microscope.js";
import { mount as mountStrips } from "#parts/strips.js";
import { ASKED_EVERY } from "#runstore.js";

/**
 * Mount into the Lab's root; `update(lab)`, `sweep()`. `picked()` is called when a block was chosen to stay, or
 * no longer is.
 */
export function mount(root, { catalog, picked }) {
  const find = (id) => root.querySelector(`#${id}`);
  const table = studyFieldsOf(catalog, "twins");
  const [take, badge, status, paceText, progress] = ["takeaway", "state", "status", "pace", "progress"].map(find);
  const notices = mountNotices(find("notices"));
  const strips = mountStrips(find("strips"), { onLayer: highlight, onOpen: (index) => microscope.open(index) });
  const microscope = mountMicroscope(find("microscope"), { catalog, moved: (index) => strips.pin(index, true), closed: () => strips.release() });
  const charts = mountCharts(root, { onLayer: highlight });
  const facts = mountFacts(find("facts"));
  const samples = mountSamples(find("samples"), { look: find("samples-look") });
  const changes = mountChanges(find("changes"), { catalog });
  const exports = mountExport(find("export"));
  const cuts = new WeakMap();
  let spoken = { race: null, step: 0, state: "" };
  let chosen = null; // the layer that was chosen to stay
  let bereft = null; // the button that had the focus when it could no longer be pressed

  /** Mark a layer everywhere; without one, that which was chosen to stay. */
  function highlight(index) {
    const layer = index ?? strips.pinned;
    if (strips.pinned !== chosen) picked();
    chosen = strips.pinned;
    strips.highlight(layer);
    charts.highlight(layer);
  }

  const cut = (history) => cuts.get(history) ?? cuts.set(history, new Cut(history)).get(history);

  /** A pair as the page draws it: both at the last step that both have reached. */
  function sides(histories) {
    const step = reach(histories);
    const [base, twin] = histories.map((history) => ({
      history: history.id === null ? history : cut(history).at(step),
      spec: history.spec,
    }));
    return sidesOf(base, twin).map((side) => ({ ...side, name: skipName(skipOf(side.spec)) }));
  }

  function update(lab) {
    const { race, previewed } = lab;
    const racing = race && reach(race.histories) > 0;
    const histories = racing || (race && !previewed) ? race.histories : previewed;
    const shown = histories && histories.every(({ spec }) => spec) ? sides(histories) : [];
    const data = dataOf(shown[0]?.spec ?? lab.values, catalog);
    const exact = lab.near.differs.length === 0 && !lab.standing.changed;
    const takeawayText = tell(shown, data, {
      preset: exact ? catalog.presets.find(({ name }) => name === lab.near.name) : null,
      why: racing || previewed ? null : unmeasured(lab),
      lacks: racing ? null : lab.lacks,
      early: race && earlyEnd(race.histories),
    });
    controls(lab);
    standing(lab, race);
    notices.update(noticesOf(lab));
    strips.update(shown, lab.scale);
    microscope.update(shown);
    write(find("key-boxes"), boxesOf(shown[0]?.history));
    if (shown.length) {
      const ghost = lab.ghost ? sides(lab.ghost.histories) : [];
      charts.update({ sides: shown, ghost, data, scale: lab.scale });
      const asked = race ? sides(race.histories) : shown;
      samples.update({ sides: asked, spec: asked[0].spec, data, lacks: lab.lacks, race: race?.id ?? null });
    } else {
      charts.clear();
      samples.clear();
    }
    facts.update({ sides: shown.map(({ skip, name }) => ({ skip, name })), rows: shown.length ? factsOf(shown.map(({ history }) => history)) : [] });
    exports.update(race?.connection === "gone" ? null : race);
    changing(lab, shown[0]?.history.started);
    speak(race, takeawayText);
  }

  /** What can be changed of one's own pair while it trains. */
  function changing({ race, standing: { state, mine } }, started) {
    const can = Boolean(race) && mine && ["running", "paused"].includes(state) && race.connection !== "gone";
    const point = started?.points[strips.pinned];
    changes.update({
      race,
      can,
      values: can ? complete(race.spec, table) : null,
      step: can ? reach(race.histories) + 1 : 0,
      block: point?.kind === "block" ? point.name : null,
    });
  }

  /** Why nothing is measured: it is under way, has to wait, or can't be. */
  const unmeasured = ({ problems, failure, standing: { state } }) =>
    state === "queued" ? "queued" : problems.length ? "problem" : failure ? "failure" : "measuring";

  function tell(shown, data, { preset, why, lacks, early }) {
    const missing = lacks && [{ key: "no_data", values: { title: lacks.title } }];
    const measured = why ? [{ key: why, values: {} }] : takeaway(shown, data, preset);
    const findings = missing ?? (early ? [{ key: early, values: {} }, ...(why ? [] : measured)] : measured);
    const words = sentences(findings);
    if (take.dataset.text !== words.join(" ")) {
      take.dataset.text = words.join(" ");
      take.firstElementChild.textContent = words[0];
      const rest = findings.slice(1).map(({ key }, i) => {
        const sentence = make("span", { textContent: `${words[i + 1]} ` });
        sentence.dataset.key = key;
        return sentence;
      });
      take.lastElementChild.replaceChildren(...rest);
    }
    return take.dataset.text;
  }

  function controls(lab) {
    const { train, can } = buttons(lab.standing);
    const label = train === "wait" ? t("common.states.queued") : t(`lab.${train}`);
    const [button, step, stop] = ["train", "step", "stop"].map(find);
    const held = [button, step, stop].find((one) => one === document.activeElement);
    write(button, label);
    button.title = train === "again" ? t("lab.again_hint") : t("lab.train_hint");
    button.disabled = !can.train;
    step.disabled = !can.step;
    stop.disabled = !can.stop;
    if (held?.disabled) bereft = held;
    if (bereft) keepFocus(button);
    find("again").hidden = !can.again;
    for (const preset of root.querySelectorAll("[data-preset]")) {
      const exact = preset.dataset.preset === lab.near.name && lab.near.differs.length === 0;
      preset.setAttribute("aria-pressed", String(exact));
    }
    const count = find("more-count");
    count.hidden = lab.folded === 0;
    write(count.firstElementChild, String(lab.folded));
    write(count.lastElementChild, t("lab.more_count", { n: lab.folded }));
  }

  /** Who pressed a button by keyboard stands on it again once it can be pressed, or on Train. */
  function keepFocus(train) {
    const stayed = [document.body, bereft].includes(document.activeElement);
    const next = bereft.disabled ? train : bereft;
    if (stayed && next.disabled) return; // for now
    bereft = null;
    if (stayed) next.focus({ preventScroll: true }); // who waited may read further down by now
  }

  function standing(lab, race) {
    badge.hidden = !race;
    progress.hidden = !race;
    if (!race) {
      write(paceText, "");
      const { lacks } = lab;
      const key = lab.measuring ? "measuring" : lab.problems.length ? "problem" : lab.failure ? "failure" : lacks ? "no_data" : "ready";
      write(status, t(`lab.status.${key}`, { title: lacks?.title }));
      return;
    }
    const steps = race.histories[0].steps;
    const { key, values } = statusOf(race.histories, { steps });
    const state = badgeOf(race.histories);
    badge.dataset.state = state;
    write(badge, t(`common.states.${state}`));
    const waits = key === "running" && lab.lacks?.amount && !race.histories.some(({ started }) => started);
    write(status, waits ? t("lab.status.downloading", lab.lacks) : statusWords(race, key, values));
    write(paceText, pace(race, state).map((word) => ` · ${word}`).join(""));
    const share = steps ? reach(race.histories) / steps : 0;
    if (progress.value !== share) progress.value = share;
  }

  function statusWords(race, key, values) {
    if (key === "queued") return waitingWords(race.histories.find(({ waits }) => waits)?.waits, race.mine);
    const why = ["stopped", "interrupted"].includes(key) ? reasonOf(sides(race.histories), key) : "";
    return withReason(t(`lab.status.${key}`, values), why);
  }

  /** The rate, the time left, the epoch: what is known of them. */
  function pace({ histories }, state) {
    const [one] = histories;
    const words = [];
    const epoch = one.started && reach(histories) / one.started.steps_per_epoch;
    if (epoch) words.push(t("lab.status.epoch", { epoch: epoch.toFixed(1) }));
    if (state !== "running") return words;
    const rates = histories.filter(({ ended }) => !ended).map(rateOf).filter(Boolean);
    if (rates.length) words.push(t("lab.status.rate", { rate: scientific(Math.min(...rates)) }));
    const left = timeLeft(histories);
    if (left !== null) words.push(t("lab.status.left", { time: seconds(left) }));
    if (one.started) words.push(one.started.engine.device);
    return words;
  }

  function noticesOf(lab) {
    const { race, standing: now } = lab;
    const list = lab.others.map((problem) => ({
      key: "problem", kind: "error",
      text: [fieldName(problem.field, table), problem.problem, problem.allowed].filter(Boolean).join(": "),
    }));
    const add = (key, values = {}, more = {}) => list.push({ key, text: t(`lab.notice.${key}`, values), ...more });
    if (lab.overfull) {
      const { most } = lab.overfull;
      add("overfull", lab.overfull, { kind: "error", action: { label: t("lab.notice.fill", { most }), run: lab.fill } });
    }
    if (lab.failure) list.push({ key: "failure", kind: "error", text: failureOf(lab.failure) });
    if (lab.unread.length) add("unreadable", { names: lab.unread.map(({ name }) => name).join(", ") });
    if (lab.missing === "unreachable") list.push({ key: "unreachable", kind: "error", text: t("common.unreachable") });
    else if (lab.missing) add(lab.missing);
    const { changes } = lab.values;
    if (changes.length && (!race || now.changed || !active(now.state))) {
      add("changes", { list: settingWords("changes", changes) }, { action: { label: t("lab.notice.forget"), run: lab.forget } });
    }
    if (!race) return list;
    if (race.connection === "gone") add("deleted_now");
    else if (!race.mine && active(now.state)) add("foreign");
    if (["lost", "unreachable"].includes(race.connection)) add("lost", {}, { kind: "error" });
    if (race.connection === "asking") list.push({ key: "asking", text: t("common.asking", { n: ASKED_EVERY }) });
    if (now.changed && active(now.state)) add("changed", {}, { action: { label: t("lab.notice.back"), run: lab.back } });
    const failures = new Map(); // twins often fail for one reason
    for (const { name, history } of sides(race.histories)) {
      if (history.state !== "failed") continue;
      const reason = history.reason ?? "";
      failures.set(reason, [...(failures.get(reason) ?? []), name]);
    }
    for (const [reason, names] of failures) {
      add(names.length > 1 ? "failed_both" : "failed", { name: names[0], reason }, { kind: "error" });
    }
    if (race.histories.some(({ state }) => state === "interrupted")) add("interrupted");
    const left = soonest(race.histories.map(({ endsIn }) => endsIn));
    if (left !== null) {
      const text = t(`lab.notice.${race.mine ? "ends" : "ends_foreign"}`, { time: noticeWords(left) });
      list.unshift({ key: "ends", kind: "error", text }); // before all others: there is little time
    }
    return list;
  }

  /** Say aloud what has happened: the start, each quarter, a pause, the end. */
  function speak(race, text) {
    if (!race) return;
    const step = reach(race.histories);
    const state = badgeOf(race.histories);
    const { steps } = race.histories[0];
    if (spoken.race === race) {
      const passed = milestones(spoken.step, step, steps).filter((share) => share < 100).at(-1);
      if (state !== spoken.state) announce(stateWords(state, spoken.state, step, text));
      else if (passed) announce(t("lab.say.milestone", { share: passed, text }));
    }
    spoken = { race, step, state };
  }

  return { update, sweep: strips.sweep };
}

/** How many boxes a strip has, and why these are fewer than layers. */
function boxesOf(history) {
  const points = history?.started?.points ?? [];
  const blocks = points.filter(({ kind }) => kind === "block").length;
  if (!blocks) return t("lab.key.boxes");
  const layers = history.started.layers.length;
  return t("lab.key.counted", { layers, boxes: points.length, blocks, each: (layers - 2) / blocks });
}

function stateWords(state, before, step, text) {
  if (state === "running") return t(before === "paused" ? "lab.say.resumed" : "lab.say.started");
  if (state === "pausing") return t("common.states.pausing");
  if (state === "paused") return t("lab.say.paused", { step });
  if (state === "finished") return t("lab.say.done", { text });
  return `${t(`common.states.${state}`)}. ${text}`;
}

function fieldName(path, table) {
  return table.find((field) => field.path === path)?.title ?? (path || t("lab.settings"));
}
