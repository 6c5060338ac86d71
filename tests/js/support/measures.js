// What a run says of its measures, as its server does.

/**
 * The usual three, at these parts and layers.
 *
 * @param {string[]} parts
 * @param {string[]} layers
 */
export const usual = (parts, layers = parts) => [
  { name: "flow", title: "Gradient flow", scale: "log", relative: true, places: parts },
  { name: "weight_grad", title: "Weight gradient", scale: "log", relative: true, places: layers },
  { name: "update_ratio", title: "Update ratio", scale: "log", relative: false, places: layers },
];
