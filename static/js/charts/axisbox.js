import { make } from "#dom.js";

/**
 * A box over a stretch of an axis, from edge to edge of the plot; null where out of range.
 *
 * @param {Json} plot Plotly's element
 * @param {Json} stretch {axis, from, to, across, inside?}, as view.js says of marks
 * @param {string} kind the box's class
 */
export function axisBox(plot, { axis, from, to, across, inside = false }, kind) {
  const full = plot._fullLayout;
  const along = full?.[axis];
  const other = full?.[across];
  if (!along || !other) return null;
  const ends = [along.c2p(from), along.c2p(to)].sort((a, b) => a - b);
  if (ends[1] < 0 || ends[0] > along._length) return null;
  const start = Math.max(0, ends[0]);
  const box = make("div", { className: kind });
  const flat = axis.startsWith("x");
  const [place, length] = [along._offset + start, Math.min(ends[1], along._length) - start];
  // The whole drawing's height, lanes included, but one panel's width.
  const size = inside ? { t: other._offset, h: other._length } : full._size;
  Object.assign(box.style, flat
    ? { left: `${place}px`, width: `${Math.max(length, 2)}px`, top: `${size.t}px`, height: `${size.h}px` }
    : { top: `${place}px`, height: `${Math.max(length, 2)}px`, left: `${other._offset}px`, width: `${other._length}px` });
  return box;
}
