// @ts-check
"use strict";
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { digestOf } = require("./digest");

const ENGINE_VERSION = "v3.259.0";
/** The last version whose Node language host can be built as a Go module of its own. */
const LANGUAGE_HOST_VERSION = "v3.68.0";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The two programs that are built; each has a Go module of its own under `tools/engine`, since their requirements can't be joined. */
const PROGRAMS = [
  {
    name: "pulumi",
    module: ["tools", "engine"],
    path: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: ENGINE_VERSION,
  },
  {
    name: "pulumi-language-nodejs",
    module: ["tools", "engine", "language-nodejs"],
    path: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: LANGUAGE_HOST_VERSION,
  },
];

/** What makes the build quick: no C compiler, no debug information, few collections while it compiles. */
const BUILD_ENVIRONMENT = { CGO_ENABLED: "0", GOGC: "800", GOWORK: "off" };

/**
 * The arguments of `go` that build one of the programs into a file.
 * @param {(typeof PROGRAMS)[number]} program
 * @param {string} file
 */
function buildArguments(program, file) {
  const link = `-s -w -X ${VERSION_VARIABLE}=${program.version}`;
  const flags = [
    "-mod=readonly",
    "-buildvcs=false",
    "-trimpath",
    "-gcflags=all=-dwarf=false",
    "-ldflags",
    link,
  ];
  return ["build", "-v", ...flags, "-o", file, program.path];
}

/** @param {string} root */
function scriptsFolder(root) {
  return join(root, "tools", "engine", "scripts");
}

/**
 * Names the recipe: another module file, flag or script is another engine.
 * @param {string} root
 */
function engineKey(root) {
  const modules = PROGRAMS.flatMap(({ module }) =>
    ["go.mod", "go.sum"].map((name) => readFileSync(join(root, ...module, name))),
  );
  const flags = PROGRAMS.map((program) => JSON.stringify([buildArguments(program, ""), BUILD_ENVIRONMENT]));
  const scripts = readdirSync(scriptsFolder(root))
    .sort()
    .flatMap((name) => [name, readFileSync(join(scriptsFolder(root), name))]);
  return digestOf([...modules, ...flags, ...scripts]).slice(0, 12);
}

module.exports = { ENGINE_VERSION, PROGRAMS, BUILD_ENVIRONMENT, buildArguments, scriptsFolder, engineKey };
