// The slider of layers, and what every run measured at the layer that it or the pointer is on.
import { blocks, places } from "../charts/series.js";
import { scientific } from "../logic/format.js";
import { titleOf } from "../logic/strip.js";
import { t } from "../logic/words.js";

/**
 * Mounts on a slider and its output. `pointed(index)` is called with each layer chosen, by the
 * slider or by `point(index)`. update({series, step, quantity}): what is shown, as charts take it.
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
    slider.max = Math.max(0, points.length - 1);
    slider.disabled = points.length === 0;
    const index = chosen ?? slider.valueAsNumber;
    slider.value = index;
    const words = series.map((one) => wordsOf(one, index, shown)).filter(Boolean).join("; ");
    const said = t("gradients.layer.value", { name: points[index] ? titleOf(points, index) : "", words });
    slider.setAttribute("aria-valuetext", said);
    output.textContent = words && said;
  }

  return {
    point,
    update(next) {
      shown = next;
      show();
    },
  };
}

/** What one run measured there: of a block's weights, each layer's own. */
function wordsOf({ label, history }, index, { step, quantity }) {
  const values = history.frameAt(step)?.[quantity];
  if (!values?.length) return "";
  const names = places(history, quantity);
  const own = blocks(history, quantity).flatMap((block, i) => (block === index ? [i] : []));
  const list = own.map((i) =>
    own.length > 1 ? `${names[i]} ${scientific(values[i])}` : scientific(values[i]),
  );
  return list.length ? t("gradients.layer.run", { label, values: list.join(", ") }) : "";
}
