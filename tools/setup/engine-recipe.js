// @ts-check
"use strict";
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { digestOf } = require("./digest");

const ENGINE_VERSION = "v3.259.0";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const PROGRAM = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** What makes the build quick: no C compiler, no debug information, few collections while it compiles. */
const BUILD_ENVIRONMENT = { CGO_ENABLED: "0", GOGC: "800", GOWORK: "off" };

/**
 * The arguments of `go` that build `pulumi` into a file.
 * @param {string} file
 */
function buildArguments(file) {
  const link = `-s -w -X ${VERSION_VARIABLE}=${ENGINE_VERSION}`;
  const flags = [
    "-mod=readonly",
    "-buildvcs=false",
    "-trimpath",
    "-gcflags=all=-dwarf=false",
    "-ldflags",
    link,
  ];
  return ["build", "-v", ...flags, "-o", file, PROGRAM];
}

/** @param {string} root */
function moduleFolder(root) {
  return join(root, "tools", "engine");
}

/** @param {string} root */
function scriptsFolder(root) {
  return join(moduleFolder(root), "scripts");
}

/**
 * Names the recipe: another module file, flag or script is another engine.
 * @param {string} root
 */
function engineKey(root) {
  const modules = ["go.mod", "go.sum"].map((name) => readFileSync(join(moduleFolder(root), name)));
  const flags = JSON.stringify([buildArguments(""), BUILD_ENVIRONMENT]);
  const scripts = readdirSync(scriptsFolder(root))
    .sort()
    .flatMap((name) => [name, readFileSync(join(scriptsFolder(root), name))]);
  return digestOf([...modules, flags, ...scripts]).slice(0, 12);
}

module.exports = {
  ENGINE_VERSION,
  BUILD_ENVIRONMENT,
  buildArguments,
  moduleFolder,
  scriptsFolder,
  engineKey,
};
