import { expect } from "chai";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchorsIn, brokenLinks } from "../../tools/docs/links";
import { reference, referenceFolder, undocumentedArguments } from "../../tools/docs/reference";
import { packageRoot } from "../../tools/paths";
import { documentedPages } from "../helpers/documented-commands";

describe("the reference", () => {
  it("is what the components' docstrings and rules say (else: npm run docs)", async function () {
    this.timeout(120_000);
    const pages = await reference();
    expect(readdirSync(referenceFolder).sort()).to.deep.equal([...pages.keys()].sort());
    const stale = [...pages].filter(
      ([file, text]) => readFileSync(join(referenceFolder, file), "utf8") !== text,
    );
    expect(stale.map(([file]) => file)).to.deep.equal([]);
  });

  it("has a docstring of every argument", () => {
    expect(undocumentedArguments()).to.deep.equal([]);
  });

  it("names no path of this machine", async () => {
    for (const [file, text] of await reference()) expect(text, file).to.not.include(packageRoot());
  });
});

describe("the documentation", () => {
  it("has no link that leads nowhere", () => {
    const root = packageRoot();
    const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => join(root, "docs", file));
    expect(brokenLinks(root, [...new Set([...documentedPages(), ...pages])])).to.deep.equal([]);
  });
});

describe("links of a page", () => {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  after(() => rmSync(folder, { recursive: true }));
  const broken = (text: string): string[] => {
    const page = join(folder, "page.md");
    writeFileSync(page, text);
    return brokenLinks(folder, [page]);
  };

  it("lead to files and headings that are there", () => {
    expect(
      broken("# A `code` heading\n[it](#a-code-heading), [self](page.md), [far](https://example.com/x)"),
    ).to.deep.equal([]);
  });

  it("are told where they don't", () => {
    expect(
      broken("[gone](gone.md) [heading](#nowhere) [both](page.md#nowhere)\n\n[named]: gone.md"),
    ).to.deep.equal([
      "page.md: gone.md",
      "page.md: #nowhere",
      "page.md: page.md#nowhere",
      "page.md: gone.md",
    ]);
  });

  it("are none in code", () => {
    expect(broken("`[x](gone.md)`\n\n```md\n[x](gone.md)\n# y\n```\n")).to.deep.equal([]);
  });

  it("find the second heading of a name", () => {
    expect([...anchorsIn("# On `x`, and y\n## Twice\n## Twice")]).to.deep.equal([
      "on-x-and-y",
      "twice",
      "twice-1",
    ]);
  });
});
