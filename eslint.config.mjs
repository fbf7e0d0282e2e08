import js from "@eslint/js";
import tseslint from "typescript-eslint";

const throughTheProxy =
  "Node's own client ignores HTTPS_PROXY: use providers/clients or undici with a dispatcher.";

export default tseslint.config(
  { ignores: ["dist/", ".tools/", ".local/", "node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      "no-restricted-globals": ["error", { name: "fetch", message: throughTheProxy }],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@pulumi/azure-native",
              message: "Import a module (@pulumi/azure-native/storage): the root costs 8 s of type checking.",
            },
          ],
        },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Named exports only." },
      ],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        require: "readonly",
        module: "writable",
        __dirname: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        URL: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  { files: ["eslint.config.mjs"], rules: { "no-restricted-syntax": "off" } },
);
