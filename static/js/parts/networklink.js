// A run's trained network as a file, where it is kept.
import { make, write } from "#dom.js";
import { bytes } from "#logic/format.js";
import { t } from "#logic/words.js";

/** A link that saves the network: {el, update(run)}; without one it is hidden. */
export function networkLink() {
  const el = make("a", { className: "network", download: "", hidden: true });
  return {
    el,
    update({ id, network }) {
      el.hidden = network === null;
      if (network === null) return;
      el.href = `api/runs/${id}/network`;
      write(el, t("runs.entry.network", { size: bytes(network) }));
      el.title = t("runs.entry.network_title");
    },
  };
}
