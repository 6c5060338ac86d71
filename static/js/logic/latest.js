// Values that are sent one request at a time, of which the last always arrives.

/**
 * What is given while a request is under way is sent after it, and of each name only the last.
 *
 * @param {(values: Record<string, *>) => Promise<void>} send
 * @param {() => void} rest called when all has been sent
 * @returns {{busy: boolean, give: (values: Record<string, *>) => Promise<void>}} `busy`: something is under way
 */
export function oneAtATime(send, rest) {
  let waiting = null;
  let busy = false;
  return {
    get busy() {
      return busy;
    },
    async give(values) {
      waiting = { ...waiting, ...values };
      if (busy) return;
      busy = true;
      try {
        while (waiting) {
          const next = waiting;
          waiting = null;
          await send(next);
        }
      } finally {
        busy = false;
      }
      rest();
    },
  };
}
