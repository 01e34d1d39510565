// Type-aware lint. What prettier formats and what the architecture test checks is not repeated here.
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  // A rule that fights the code is changed here, with its reason, and never silenced in a file.
  { linterOptions: { noInlineConfig: true } },
  globalIgnores(["dist/", "coverage/", ".leadsman/", ".tmp/", "dashboard/"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Types are imported as types, so that stripping them leaves exactly what runs.
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
      // A union is taken apart completely or says with `default` that it is not.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      // `== null` is the short way to ask for null or undefined.
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-param-reassign": "error",
      "object-shorthand": "error",
      "prefer-const": "error",

      // Numbers in templates print as people expect; `String(n)` around each says nothing more.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // Leaving members out by destructuring needs names that nobody reads; they begin with "_".
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // Our objects come from factories and do not use `this`, so their methods may be passed on.
      "@typescript-eslint/unbound-method": "off",
      // A guard at a border may be wider than its type: types say what should come, not what does.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // `() => sink.end()` is a common and clear way to pass a call on.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // An interface method may be async because another implementation has to wait.
      "@typescript-eslint/require-await": "off",
      // A parameter that only names a type is how contract suites and registries stay typed.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    rules: { eqeqeq: "error", "no-unused-vars": "error", "prefer-const": "error" },
  },
  {
    // Tests reach into parsed JSON and hold it against what they expect.
    files: ["**/*.test.ts", "**/*.contract.ts", "**/*.fixture.ts", "test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
);
