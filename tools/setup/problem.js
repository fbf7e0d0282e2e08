// @ts-check
"use strict";

/** What the person at the keyboard can put right: printed as it is, without a stack. */
class Problem extends Error {}

const causes = [
  {
    words: /ENOSPC|no space left on device|disk quota exceeded|EDQUOT/i,
    says: "The disk is full. Free some space and run the same command again; what is already there is kept.",
  },
  {
    words:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|NewConnectionError|ConnectTimeoutError|name resolution|no such host|dial tcp|i\/o timeout|TLS handshake timeout/i,
    says: "The package registry could not be reached. Check the network, proxy and mirror settings, then run the same command again.",
  },
  {
    words: /EACCES|EROFS|permission denied|read-only file system/i,
    says: "A folder could not be written. Check who owns the checkout and your cache folder.",
  },
];

/**
 * The cause of a failure that a tool's output, or an error of the file system, gives away; undefined when it says nothing known.
 * @param {string} output
 */
function causeOf(output) {
  const cause = causes.find(({ words }) => words.test(output));
  return cause && cause.says;
}

/**
 * What to print for an error: a {@link Problem} and a known cause in plain words, anything else with its stack, since it is a defect.
 * @param {unknown} error
 */
function describe(error) {
  if (error instanceof Problem) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = "code" in error ? causeOf(`${String(error.code)} ${error.message}`) : undefined;
  return cause ? `${cause}\n  ${error.message}` : error.stack || error.message;
}

module.exports = { Problem, causeOf, describe };
