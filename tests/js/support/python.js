// Python's side of a test: what the server makes of a configuration.
import { connect } from "node:net";
import { after } from "node:test";
import { createInterface } from "node:readline";

const oracle = connect(Number(process.env.ORACLE), "127.0.0.1"); // python -m tests.js says where
const waiting = [];
createInterface(oracle).on("line", (line) => {
  const { value, error } = JSON.parse(line);
  const { resolve, reject } = waiting.shift();
  if (error) reject(new Error(error));
  else resolve(value);
});
oracle.on("close", () => {
  for (const { reject } of waiting) reject(new Error("Python went without an answer."));
});
after(() => oracle.end());

const ask = (name, args) =>
  new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    oracle.write(`${JSON.stringify({ name, args })}\n`);
  });

/**
 * `await python.spec({...})`: any answer of tests/js/oracle.py, by its name.
 *
 * @type {Record<string, (...args: any[]) => Promise<any>>}
 */
export const python = new Proxy({}, { get: (_, name) => (...args) => ask(name, args) });
