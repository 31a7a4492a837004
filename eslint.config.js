import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// `restrict-template-expressions` and `no-base-to-string` of the typed sets are the equal of @pulumi/eslint-plugin's
// two rules (an Output in a template literal): that plugin brings a second TypeScript along, this does not.
export default defineConfig(
  // Programs of their own, which the tests hold against the packed package.
  {
    ignores: [
      "node_modules",
      "coverage",
      "dist",
      "docs/api",
      ".triton",
      ".cache",
      "examples/template",
      "examples/programs",
      "tests/package/consumer.ts",
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["text/pulumi.ts", "tests/**", "policy/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...["log", "RunError", "ResourceError", "ResourceHook"].map((property) => ({
          object: "pulumi",
          property,
          message: "Use text/pulumi.ts, which escapes what comes from outside.",
        })),
      ],
    },
  },
  {
    files: ["**/*.ts", "**/*.js"],
    ignores: ["tests/**", "tools/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name='recursive'], CallExpression[callee.property.name=/^mkdir(Sync)?$/] Property[key.name='recursive']",
          message: "Use packing/makeFolders.js: in /proc, Node's own recursive mkdir never ends.",
        },
      ],
    },
  },
  // tsc checks these for names that are not defined.
  { files: ["**/*.js"], rules: { "no-undef": "off" } },
  {
    files: ["tests/**"],
    // chai's `expect(x).to.be.true` is an expression statement, and a test may index what it just made.
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
