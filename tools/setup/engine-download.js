// @ts-check
"use strict";
const { createWriteStream, rmSync } = require("node:fs");
const { join } = require("node:path");
const { pipeline } = require("node:stream/promises");
const { ENGINE_VERSION } = require("./engine-recipe");
const { mustRun } = require("./run");

const ANSWER_MS = 3_000;
const SILENCE_MS = 30_000;

/*
 * Address and layout of the archive are those of Pulumi's install script (https://get.pulumi.com). The tests run this against a server of
 * their own; against the real host it is unproven. Proxies are not used: behind one, the engine is built.
 */

/** Where Pulumi publishes the engine for this system. */
function releaseAddress() {
  return `https://get.pulumi.com/releases/sdk/pulumi-${ENGINE_VERSION}-${process.platform}-${process.arch}.tar.gz`;
}

/**
 * Whether the official download answers, within 3 s.
 * @param {string} address
 * @returns {Promise<boolean>}
 */
async function engineIsOffered(address) {
  try {
    const answer = await ask("HEAD", address, ANSWER_MS);
    answer.resume();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}

/**
 * Downloads and unpacks the official engine. False when that fails in the middle: it is built then.
 * @param {string} address
 * @param {string} bin
 * @param {NodeJS.ProcessEnv} env
 * @param {import("./steps").Work} work
 */
async function downloadEngine(address, bin, env, work) {
  const archive = join(bin, "download.tar.gz");
  try {
    work.say(`downloading ${address}`);
    const answer = await ask("GET", address, SILENCE_MS);
    if (answer.statusCode !== 200) return false;
    await pipeline(answer, createWriteStream(archive));
    await mustRun("tar", "tar", ["-xzf", archive, "-C", bin, "--strip-components=1"], { env, ...work });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOSPC") throw error;
    work.say("the download failed");
    return false;
  } finally {
    rmSync(archive, { force: true });
  }
}

/**
 * @param {"GET" | "HEAD"} method
 * @param {string} address
 * @param {number} milliseconds for the connection, and for each silence after it
 * @returns {Promise<import("node:http").IncomingMessage>}
 */
function ask(method, address, milliseconds) {
  const client = address.startsWith("https:") ? require("node:https") : require("node:http");
  return new Promise((resolve, reject) => {
    const asking = client.request(address, { method, timeout: milliseconds }, resolve);
    asking.on("timeout", () => asking.destroy(new Error("no answer")));
    asking.on("error", reject);
    asking.end();
  });
}

module.exports = { downloadEngine, engineIsOffered, releaseAddress };
