import { expect } from "chai";
import execa from "execa";
import fc from "fast-check";
import { parseFormat } from "../../providers/mlflow-project/python-format";
import { shellQuote } from "../../providers/mlflow-project/shell-quote";

describe("words of the shell", () => {
  it("are what bash makes the same text of again", async () => {
    const texts = fc.sample(
      fc
        .oneof(
          fc.string({ unit: "binary-ascii" }),
          fc.string({ unit: "grapheme" }),
          fc.constantFrom("", "'", "''", "-n"),
        )
        .filter((each) => !each.includes("\0")),
      300,
    );
    const { stdout } = await execa("bash", ["-c", `printf '%s\\0' ${texts.map(shellQuote).join(" ")}`], {
      stripFinalNewline: false,
    });
    expect(stdout.split("\0").slice(0, -1)).to.deep.equal(texts);
  });

  it("are always one word, and as they are where nothing in them means anything", () => {
    fc.assert(fc.property(fc.stringMatching(/^[\w@%+=:,./-]+$/), (each) => shellQuote(each) === each));
    fc.assert(
      fc.property(fc.string(), (each) => shellQuote(each).replaceAll(`'"'"'`, "").split("'").length !== 2),
    );
  });
});

describe("Python's format strings", () => {
  it("are the text again, with doubled braces", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const pieces = parseFormat(text.replace(/[{}]/g, "$&$&"));
        return (
          "problem" in pieces || pieces.map((each) => ("text" in each ? each.text : "?")).join("") === text
        );
      }),
    );
  });

  it("name values between single braces, right beside doubled ones", () => {
    expect(parseFormat("a{{{b}}}{c-d!s}{e:}")).to.deep.equal([
      { text: "a" },
      { text: "{" },
      { name: "b" },
      { text: "}" },
      { name: "c-d" },
      { name: "e" },
    ]);
  });
});
