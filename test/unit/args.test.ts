import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkArgs, InvalidArgs, isKnown, type Constraint } from "../../components/args";
import { integer, kindOf, listOf, objectOf, optional, text, type Rules } from "../../providers/rules";

interface Range {
  readonly least: pulumi.Input<number>;
  readonly most: pulumi.Input<number>;
}
interface Args {
  readonly name: pulumi.Input<string>;
  readonly range?: Range;
  readonly shapes?: pulumi.Input<Shape>[];
}
type Shape = { kind: "dot" } | { kind: "line"; length: pulumi.Input<number> };

const rules: Rules<Args> = {
  name: text("lower-case letters", /^[a-z]+$/),
  range: optional(objectOf<Range>({ least: integer(0, 9), most: integer(0, 9) })),
  shapes: optional(listOf(kindOf("kind", { dot: {}, line: { length: integer(1, 5) } }), { most: 2 })),
};
const constraints: readonly Constraint<Args>[] = [
  {
    id: "range-upside-down",
    source: "here",
    problems: ({ range }) => {
      if (range === undefined || !isKnown(range)) return [];
      const { least, most } = range;
      if (typeof least !== "number" || typeof most !== "number" || least <= most) return [];
      return [{ path: "range.least", value: least, reason: "it must be at most range.most" }];
    },
  },
];
const check = (args: Args): Args => checkArgs("Thing", "t", args, rules, constraints);

function told(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof InvalidArgs) return error.problems.map(({ path }) => path);
    throw error;
  }
}

async function toldOf(output: pulumi.Input<unknown>): Promise<InvalidArgs> {
  const promise = (pulumi.output(output) as unknown as { promise(): Promise<unknown> }).promise();
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof InvalidArgs) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe("checkArgs", () => {
  it("tells every problem at once, of single args and between them, with its path", () => {
    const range = { least: 5, most: 3 };
    expect(told(() => check({ name: "N", range }))).to.deep.equal(["name", "range.least"]);
    expect(told(() => check({ name: "n", range: { least: 11, most: 3 } }))).to.deep.equal(["range.least"]);
    expect(told(() => check({ name: "n", range: { least: 1, most: 3 } }))).to.deep.equal([]);
  });

  it("knows an object by its kind, and lists by their length", () => {
    const shapes = (...all: unknown[]): string[] =>
      told(() => check({ name: "n", shapes: all as pulumi.Input<Shape>[] }));
    expect(shapes({ kind: "dot" }, { kind: "line", length: 2 })).to.deep.equal([]);
    expect(shapes({ kind: "line", length: 9 })).to.deep.equal(["shapes.0.length"]);
    expect(shapes({ kind: "dot", length: 2 })).to.deep.equal(["shapes.0.length"]);
    expect(shapes({ kind: "circle" }, "dot")).to.deep.equal(["shapes.0.kind", "shapes.1"]);
    expect(shapes({ kind: "dot" }, { kind: "dot" }, { kind: "dot" })).to.deep.equal(["shapes"]);
  });

  it("lets outputs pass, and refuses what uses them when their value breaks a rule", async () => {
    const wrong = check({ name: pulumi.output("N") });
    const refused = await toldOf(wrong.name);
    expect(refused.problems.map(({ path }) => path)).to.deep.equal(["name"]);
    expect(refused.stack).to.equal(refused.message);
  });

  it("holds outputs to the rules that lie between args", async () => {
    const { range } = check({ name: "n", range: { least: pulumi.output(5), most: Promise.resolve(3) } });
    const refused = await Promise.any([toldOf(range?.least), toldOf(range?.most)]);
    expect(refused.problems.map(({ path }) => path)).to.deep.equal(["range.least"]);
  });

  it("shows no secret", async () => {
    const { name } = check({ name: pulumi.secret("S3CRET") });
    const { message } = await toldOf(name);
    expect(message).to.contain("name is [secret]: it must be lower-case letters").and.not.contain("S3CRET");
  });

  it("shows no secret in the reason of another property either", async () => {
    const naming: Constraint<Args> = {
      id: "naming",
      source: "here",
      problems: ({ name }) =>
        isKnown(name)
          ? [{ path: "range", value: undefined, reason: `no range of ${JSON.stringify(name)}` }]
          : [],
    };
    const { name } = checkArgs(
      "Thing",
      "t",
      { name: pulumi.secret('s"cret') },
      { ...rules, name: text("text") },
      [naming],
    );
    const { message } = await toldOf(name);
    expect(message).to.contain('no range of "[secret]"').and.not.contain("s\\");
  });

  it("gives back plain args as they are, and secrets as secrets", async () => {
    const range = { least: 1, most: 3 };
    expect(check({ name: "n", range })).to.deep.equal({ name: "n", range });
    const { name } = check({ name: pulumi.secret("s") });
    expect(await pulumi.isSecret(pulumi.output(name))).to.equal(true);
  });
});
