import js from "@eslint/js";
import globals from "globals";

const unused = { args: "after-used", caughtErrors: "all", ignoreRestSiblings: true, varsIgnorePattern: "^_$", argsIgnorePattern: "^_+$", destructuredArrayIgnorePattern: "^_+$" };

const named = { regex: "^\\.", message: "Modules are imported by their names in package.json: #logic/words.js." };
const followed = { regex: "^#live.js$", message: "Runs are followed by the one store, #runstore.js." };

export default [
  { ignores: [".venv/", "build/", "dist/"] },
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-unused-vars": ["error", unused],
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-imports": ["error", { patterns: [named] }],
    },
  },
  { files: ["static/js/**/*.js", "benchmarks/*.js"], languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["static/js/{charts,logic,pages,parts}/**/*.js"],
    rules: { "no-restricted-imports": ["error", { patterns: [named, followed] }] },
  },
  // Pure logic knows no page: it runs in Node as well.
  { files: ["static/js/logic/**/*.js"], languageOptions: { globals: { ...globals["shared-node-browser"] } } },
  { files: ["static/js/early.js"], languageOptions: { sourceType: "script" } },
  { files: ["tests/js/**/*.js", "eslint.config.js"], languageOptions: { globals: globals.node } },
];
