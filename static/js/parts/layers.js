// The slider of layers, and what every run measured at the layer that it or the pointer is on.
import { blocks, places } from "#charts/series.js";
import { howOf, wordsAt } from "#logic/flow.js";
import { valuesIn } from "#logic/measures.js";
import { placeName, titleOf } from "#logic/strip.js";
import { t } from "#logic/words.js";

/**
 * Mounts on a slider and its output. `pointed(index)` is called with each layer chosen, by the
 * slider or by `point(index)`. update({series, step, quantity, scale}): what is shown, as charts take it.
 */
export function mount(el, { pointed }) {
  const slider = el.querySelector("input");
  const output = el.querySelector("output");
  let chosen = null;
  let shown = null;
  slider.addEventListener("input", () => point(slider.valueAsNumber));

  function point(index) {
    if (index === null) return;
    chosen = index;
    pointed(index);
    show();
  }

  function show() {
    if (shown === null) return;
    const { series } = shown;
    const points = series[0].history.started?.points ?? [];
    // Beside the last block there is nothing behind it: the slider ends as the chart above does.
    const last = howOf(shown).relative ? points.findLastIndex(({ kind }) => kind === "block") : points.length - 1;
    slider.max = Math.max(0, last);
    slider.disabled = points.length === 0;
    const index = Math.min(chosen ?? slider.valueAsNumber, Number(slider.max));
    slider.value = index;
    const words = series.map((one) => wordsOf(one, index, shown)).filter(Boolean).join("; ");
    const label = t("gradients.layer.value", { name: points[index] ? titleOf(points, index) : "", words });
    slider.setAttribute("aria-valuetext", label);
    output.textContent = words && label;
  }

  return {
    point,
    /** Let the slider's thumb stand below the place of the chart above that it means. */
    align(view) {
      const [left, right] = view.drawn.depth.map((place) => view.placeOf(place));
      el.style.setProperty("--left", `${left}px`);
      el.style.setProperty("--right", `${view.plot.clientWidth - right}px`);
    },
    update(next) {
      shown = next;
      show();
    },
  };
}

/** What one run measured there: of a block's weights, each layer's own. */
function wordsOf({ label, history }, index, shown) {
  const { step, quantity } = shown;
  const frame = history.frameAt(step);
  if (!valuesIn(frame, quantity).length) return "";
  const names = places(history, quantity);
  const own = blocks(history, quantity).flatMap((block, i) => (block === index ? [i] : []));
  const how = howOf(shown);
  const list = own.map((i) => {
    const words = wordsAt(history, frame, i, how);
    return own.length > 1 ? `${placeName(names[i])}: ${words}` : words;
  });
  return list.length ? t("gradients.layer.run", { label, values: list.join(", ") }) : "";
}
