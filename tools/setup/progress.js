// @ts-check
"use strict";

const PIPE_INTERVAL_MS = 15_000;
const TERMINAL_INTERVAL_MS = 250;

/**
 * @typedef {{ say(line: string): void, done(): void, failed(): void }} Progress
 * @typedef {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} Sink
 */

/** What is under way on a terminal's one line: steps that go side by side share it. @type {Set<() => string>} */
const shown = new Set();

/**
 * Shows that a long step is alive: how long it has run and what its tool said last. A terminal gets one line that changes, shared by
 * the steps that go side by side, anything else a line every 15 s. It goes to stderr: what a command prints (`npm run local -- env`) stays
 * clean.
 * @param {string} name
 * @param {string} [takes] how long it may take, said at the start
 * @param {Sink} [sink]
 * @returns {Progress}
 */
function startProgress(name, takes = "", sink = process.stderr) {
  const begun = Date.now();
  let last = takes;
  const seconds = () => `${Math.round((Date.now() - begun) / 1000)} s`;
  const line = () => [name, seconds(), last].filter(Boolean).join(" · ");
  const show = () => {
    if (!sink.isTTY) return void sink.write(`${shortened(line(), 160)}\n`);
    const width = Math.floor(((sink.columns || 80) - 1) / Math.max(shown.size, 1)) - 3;
    sink.write(`\r\x1b[K${[...shown].map((each) => shortened(each(), width)).join(" │ ")}`);
  };
  const timer = setInterval(show, sink.isTTY ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS);
  /** @param {string} how */
  const end = (how) => {
    clearInterval(timer);
    shown.delete(line);
    sink.write(`${sink.isTTY ? "\r\x1b[K" : ""}${name} · ${how} ${seconds()}\n`);
  };
  shown.add(line);
  if (sink.isTTY) show();
  else sink.write(`${[name, takes].filter(Boolean).join(" · ")} …\n`);
  return {
    say: (text) => void (last = text.trim() || last),
    done: () => end("done in"),
    failed: () => end("ended after"),
  };
}

/**
 * @param {string} text
 * @param {number} width
 */
function shortened(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

module.exports = { startProgress };
