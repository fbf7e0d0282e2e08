// @ts-check
"use strict";

/**
 * The arrows between the rooms of the house: what a folder may import of the checkout's own files.
 * @type {Record<string, string[]>}
 */
const arrows = {
  "index\\.ts$": ["stacks", "components"],
  "stacks/": ["stacks", "components", "providers"],
  "components/": ["components", "providers"],
  "providers/clients/": ["providers/clients"],
  "providers/(?!clients/)": ["providers"],
  "policies/": ["policies"],
  "cli/": ["cli", "providers"],
  "local/": ["local", "tools"],
  "tools/(?!docs/)": ["tools"],
  "tools/docs/": ["tools", "components", "policies", "providers", "test/helpers"],
};

/** What is packed and used by other people's stacks: it must not need a development dependency. */
const shipped = "^(components|providers|policies|cli)/|^index\\.ts$|^stacks/";

const rooms = "^(index\\.ts|stacks|components|providers|policies|cli|local|tools|examples|test|bench)";

module.exports = {
  forbidden: [
    ...Object.entries(arrows).map(([from, to]) => ({
      name: `from-${from.replace(/\W+/g, "-").replace(/^-|-$/g, "")}`,
      comment: `May import of the checkout: ${to.join(", ")}.`,
      severity: "error",
      from: { path: `^${from}` },
      to: { path: rooms, pathNot: `^(${to.join("|")})/` },
    })),
    {
      name: "no-circles",
      comment: "Two files that need each other are one concept, or hide a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "shipped-needs-no-development-dependency",
      comment: "It would be missing where the package is installed.",
      severity: "error",
      from: { path: shipped },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "found",
      comment: "The imported file or package is not there.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|\\.local|\\.tools)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    // A test may load what is an ES module alone by import().
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "import", "node", "default"],
    },
    cache: { folder: ".tools/dependency-cruiser", strategy: "content" },
  },
};
