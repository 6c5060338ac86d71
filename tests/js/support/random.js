// Numbers that look random and are the same each time.

/** A generator of numbers from 0 to 1 (mulberry32). */
export function random(seed) {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many powers of ten between two exponents. */
export function magnitudes(count, low, high, seed = 0) {
  const next = random(seed);
  return Array.from({ length: count }, () => 10 ** (low + (high - low) * next()));
}
