// For the scripts of a page, which share one scope. tests/page/test_scripts.py runs it: npm install --global eslint@9
export default [
  {
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "script",
      globals: Object.fromEntries(
        ["document", "window", "location", "history", "sessionStorage", "matchMedia", "requestAnimationFrame", "getComputedStyle", "setTimeout", "performance", "clearTimeout", "innerHeight", "scrollY", "Blob", "Event", "URL", "ResizeObserver"].map((name) => [name, "readonly"]),
      ),
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: Object.fromEntries(
      [
        "array-callback-return", "consistent-return", "eqeqeq", "no-const-assign", "no-dupe-keys", "no-eval", "no-fallthrough", "no-implied-eval",
        "no-loss-of-precision", "no-new-func", "no-param-reassign", "no-redeclare", "no-self-assign", "no-shadow-restricted-names", "no-undef",
        "no-unreachable", "no-unused-expressions", "no-unused-vars", "no-useless-return", "no-var", "object-shorthand",
        "prefer-const", "prefer-template", "use-isnan", "valid-typeof",
      ].map((rule) => [rule, "error"]),
    ),
  },
];
