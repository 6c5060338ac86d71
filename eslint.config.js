import js from "@eslint/js";
import globals from "globals";

const unused = { args: "after-used", caughtErrors: "all", ignoreRestSiblings: true, varsIgnorePattern: "^_$", argsIgnorePattern: "^_+$", destructuredArrayIgnorePattern: "^_+$" };

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
      "no-restricted-imports": ["error", { patterns: [{ regex: "^\\.", message: "Modules are imported by their names in package.json: #logic/words.js." }] }],
    },
  },
  { files: ["static/js/**/*.js", "benchmarks/*.js"], languageOptions: { globals: { ...globals.browser } } },
  // Pure logic knows no page: it runs in Node as well.
  { files: ["static/js/logic/**/*.js"], languageOptions: { globals: { ...globals["shared-node-browser"] } } },
  { files: ["static/js/early.js"], languageOptions: { sourceType: "script" } },
  { files: ["tests/js/**/*.js", "eslint.config.js"], languageOptions: { globals: globals.node } },
];
