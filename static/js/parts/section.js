import { make, write } from "#dom.js";

/** A panel with a heading, what to look for, and a chart of this name: {el, head, chart, tell({title, look})}. */
export function section(name, title, look) {
  const el = make("section", { className: "panel" });
  const heading = make("h2", { id: `${name}-title`, textContent: title });
  el.setAttribute("aria-labelledby", heading.id);
  const head = make("div", { className: "chart-head" });
  const looking = make("p", { className: "chart-look", textContent: look });
  head.append(heading, looking);
  const chart = make("div", { id: name, className: "chart-body" });
  el.append(head, chart);
  return {
    el,
    head,
    chart,
    tell(words) {
      write(heading, words.title);
      write(looking, words.look);
    },
  };
}
