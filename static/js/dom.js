// How elements are made and filled.
const SVG = "http://www.w3.org/2000/svg";

/** An element with these properties. */
export const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

/** A button that submits nothing. */
export function button(textContent, pressed, properties) {
  const made = make("button", { type: "button", textContent, ...properties });
  made.addEventListener("click", pressed);
  return made;
}

/** An SVG element with these attributes. */
export const shape = (tag, attributes) => set(document.createElementNS(SVG, tag), attributes);

/** Give an element these attributes. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Write a text where another stands: the same one anew would be read out anew. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Write a paragraph for each text, where others stand. */
export function writeLines(element, texts) {
  const old = [...element.children].map(({ textContent }) => textContent);
  if (old.length === texts.length && old.every((text, i) => text === texts[i])) return;
  element.replaceChildren(...texts.map((textContent) => make("p", { textContent })));
}

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** A MathML element around these, each an element or a text. */
export function math(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children);
  return element;
}
