// What a block computes, and what comes back through it, as formulas with the measured sizes below.
import { math, set } from "#dom.js";
import { plain } from "#logic/format.js";
import { number } from "#logic/microscopewords.js";
import { t } from "#logic/words.js";

const mi = (name) => math("mi", name);
const mo = (sign) => set(math("mo", sign), { stretchy: "false" });
const bracket = (sign) => math("mo", sign);
const row = (...children) => math("mrow", ...children);
const partial = (name, by) => math("mfrac", row(mo("∂"), mi(name)), row(mo("∂"), mi(by)));
const of = (name, ...inside) => row(mi(name), mo("\u2061"), mo("("), ...inside, mo(")"));
const upright = (name) => {
  const found = mi(name);
  if (name.length === 1) found.setAttribute("mathvariant", "normal");
  return found;
};

/** A term with its measured size below it; alone where none was recorded. */
const sized = (term, value) => (value === undefined ? term : math("munder", term, math("mtext", number(value))));

/** Formulas, one a line. */
const formulas = (lines) => lines.map((line) => set(math("math", ...line), { display: "block" }));

/** What a block computes, step by step: z = x + F(x), y = ReLU(z); of skips that do other things their own formula. */
export function forwardFormula(block, pieces) {
  const { entry, anatomy, forward } = block;
  const { roads } = entry;
  const alone = roads.meets === "";
  if (!anatomy || (!alone && (roads.meets !== "sum" || (roads.read && !roads.both)))) return given(entry);
  const input = anatomy.before.length || roads.both ? "h" : "x";
  const after = anatomy.after;
  const result = after.length ? "z" : "y";
  const term = (factor, ...rest) => (factor ? row(mi(factor.includes(" ") ? `(${factor})` : factor), mo("\u2062"), ...rest) : row(...rest));
  const branch = sized(term(roads.branch, of("F", mi(input))), roads.branch ? undefined : forward.written);
  const changed = anatomy.shortcut.length ? of(t("lab.scope.formula.shortcut"), mi(input)) : mi(input);
  const weighed = block.strength === 1 ? changed : row(mi("s"), mo("\u2062"), changed);
  const shortcut = sized(term(roads.shortcut, weighed), roads.shortcut ? undefined : forward.kept);
  const sum = alone ? [branch] : [shortcut, mo("+"), branch];
  const lines = [];
  if (anatomy.before.length) lines.push([mi("h"), mo("="), nested(anatomy.before, pieces, mi("x"))]);
  else if (roads.both) lines.push([mi("h"), mo("="), mi(roads.read)]);
  lines.push([after.length ? mi(result) : sized(mi(result), forward.y), mo("="), ...sum]);
  if (after.length) lines.push([sized(mi("y"), forward.y), mo("="), nested(after, pieces, mi("z"))]);
  if (block.strength !== 1) lines.push([mi("s"), mo("="), math("mn", plain(block.strength))]);
  return formulas(lines);
}

/** dL/dx = dL/dz (I + dF/dx), with what was measured of each part; nothing where the skip does not add. */
export function backwardFormula(block) {
  const { entry, anatomy, backward } = block;
  if (!anatomy || (entry.drawing !== "" && !entry.adds)) return [];
  const input = anatomy.before.length ? "h" : "x";
  const result = anatomy.after.length ? "z" : "y";
  const [by, F] = [partial("L", result), partial("F", input)];
  const whole = sized(partial("L", input), backward[input]);
  if (!entry.adds) return formulas([[whole, mo("="), by, F]]);
  const { roads } = entry;
  const weight = () => (block.strength === 1 ? [] : [mi("s"), mo("\u2062")]);
  const S = roads.shortcut || anatomy.shortcut.length ? partial("S", input) : upright("I");
  const scaled = () => [...(roads.branch ? [mi(roads.branch)] : []), partial("F", input)];
  const through = S.nodeName === "mi" ? [] : [S.cloneNode(true)]; // the identity goes without saying
  const parts = [
    sized(row(partial("L", result), ...weight(), ...through), backward.shortcut), mo("+"),
    sized(row(partial("L", result), ...scaled()), backward.branch),
  ];
  return formulas([
    [whole, mo("="), by, row(bracket("("), ...weight(), S, mo("+"), ...scaled(), bracket(")"))],
    [mo("="), ...parts],
  ]);
}

/** The skip's own formula, as the catalogue has it; what stands behind a comma on a line of its own. */
function given({ formula }) {
  const whole = math("math");
  whole.innerHTML = formula; // MathML of our own registry
  const lines = [[]];
  let depth = 0;
  for (const child of [...whole.children]) {
    if ("([".includes(child.textContent)) depth += 1;
    if (")]".includes(child.textContent)) depth -= 1;
    if (child.localName === "mo" && child.textContent !== "∑") set(child, { stretchy: "false" });
    if (child.textContent === "," && !depth) lines.push([]);
    else lines.at(-1).push(child);
  }
  return formulas(lines);
}

const nested = (pieces, words, inside) => pieces.reduce((inner, piece) => of(words(piece), inner), inside);
