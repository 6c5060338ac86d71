import { button, make, write } from "#dom.js";
import { t } from "#logic/words.js";

const WHOLE_MS = 9000; // to play a run from its start to its end
const STILL_MS = 500; // between two places where motion is not wanted
const JUMPS = 18;

/**
 * A time scrubber: a button that plays and a slider of places from 0.
 *
 * `update({last, words})` sets how far it goes and what it says; `go(place)` moves it. `moved` is
 * called with each new place and whether a person moved it. A person at the end stays at the end
 * while a run grows.
 *
 * @param {HTMLElement} el
 * @param {{moved: (place: number, byHand?: boolean) => void}} options
 */
export function mount(el, { moved }) {
  el.classList.add("scrubber");
  const play = button("", () => (state.playing ? stop() : start()));
  const slider = make("input", { type: "range", min: 0, max: 0, value: 0, step: 1 });
  slider.setAttribute("aria-label", t("gradients.time.label"));
  const output = make("output");
  el.replaceChildren(play, slider, output);
  const state = { place: 0, last: 0, playing: false, atEnd: false, words: (place) => `${place}`, frame: 0 };

  function go(place) {
    state.place = Math.min(Math.max(Math.round(place), 0), state.last);
    state.atEnd = state.last > 0 && state.place === state.last;
    show();
    moved(state.place);
  }

  function show() {
    slider.max = state.last;
    slider.value = state.place;
    const words = state.words(state.place);
    slider.setAttribute("aria-valuetext", words);
    write(output, words);
    write(play, t(state.playing ? "gradients.time.pause" : "gradients.time.play"));
    play.disabled = state.last === 0;
  }

  function start() {
    const from = state.place >= state.last ? 0 : state.place;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const begun = performance.now();
    state.playing = true;
    go(from);
    function on(now) {
      if (!state.playing) return;
      const share = calm ? Math.floor((now - begun) / STILL_MS) / JUMPS : (now - begun) / WHOLE_MS;
      const place = Math.min(from + share * Math.max(state.last, 1), state.last);
      if (Math.round(place) !== state.place) go(place);
      if (place >= state.last) stop();
      else state.frame = requestAnimationFrame(on);
    }
    state.frame = requestAnimationFrame(on);
  }

  function stop() {
    state.playing = false;
    cancelAnimationFrame(state.frame);
    show();
  }

  slider.addEventListener("input", () => {
    if (state.playing) stop();
    go(slider.valueAsNumber);
  });
  show();

  return {
    update({ last, words }) {
      const grown = last > state.last;
      Object.assign(state, { last, words });
      if ((grown && state.atEnd && !state.playing) || state.place > last) go(last);
      else show();
    },
    go,
    stop,
    /** Stay at the end while the runs grow. */
    follow() {
      state.atEnd = true;
      go(state.last);
      state.atEnd = true;
    },
    get place() {
      return state.place;
    },
  };
}
