import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

const FOLDERS = ["cli", "components", "providers", "local", "tools"];

/** The messages in the first column of the page's tables. */
function quoted(page: string): string[] {
  return [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, message = ""]) => message);
}

/** A message as its source has it: each `…` is up to 160 characters of one line. */
function asInSource(message: string): RegExp {
  const parts = message.replace(/^… ?| ?…$/g, "").split("…");
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".{1,160}?"));
}

function sources(): string {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: "utf8" }).map((file) =>
      join(packageRoot(), folder, file),
    ),
  );
  return files
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => readFileSync(file, "utf8").replaceAll('\\"', '"'))
    .join("\n");
}

describe("troubleshooting by message", () => {
  const page = readFileSync(join(packageRoot(), "docs", "troubleshoot.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| (?!it says|-)/.test(line));

  it("has a message in every row, and each once", () => {
    const messages = quoted(page);
    expect(messages.length).to.be.greaterThan(30);
    expect(rows.length).to.equal(messages.length);
    expect(new Set(messages).size).to.equal(messages.length);
  });

  it("quotes what the package, or the local Azure in Azure's words, really says", () => {
    const all = sources();
    expect(quoted(page).filter((message) => !asInSource(message).test(all))).to.deep.equal([]);
  });

  it("would tell a message that nobody says", () => {
    expect(asInSource("… can't be found by …, sadly").test(sources())).to.equal(false);
    expect(asInSource("a … of its own, … it").test("a `${key}` of its own, not it")).to.equal(true);
  });
});
