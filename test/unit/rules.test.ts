import { expect } from "chai";
import { isDeepStrictEqual } from "node:util";
import { InvalidArgs } from "../../components";
import type { Constraint } from "../../components/args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { casesIn, exportsOf } from "../helpers/case-files";
import { runProgram } from "../helpers/pulumi-mocks";
import { sourcedShapes, type RuleCase, type RuleCases, type SourcedShape } from "../helpers/rule-cases";

type Args = Record<string, unknown>;
type Cases = RuleCases<Args>;
type Case = RuleCase<Args>;

const all = casesIn<Cases>("rules");

/** What a component says of args, and whether it registered anything below itself. */
async function declared({ declare }: Cases, args: Args): Promise<{ told: string[]; children: number }> {
  let told: string[] = [];
  const { resources } = await runProgram(() => {
    try {
      declare("subject", args);
    } catch (error) {
      if (!(error instanceof InvalidArgs)) throw error;
      told = error.problems.map(({ path }) => path);
    }
  });
  return { told, children: resources.filter(({ parent }) => parent !== "").length };
}

/** Every list of constraints that a file of `components/` exports. */
function constraintsOfAll(): readonly Constraint<Args>[] {
  const lists = exportsOf("components").filter((value): value is Constraint<Args>[] => Array.isArray(value));
  return [...new Set(lists.flat().filter((item) => typeof item === "object" && "problems" in item))];
}

function nameOf({ allowed, source }: SourcedShape): string {
  return `${source}: ${allowed}`;
}

/** As many wrong shapes at once as go together. */
function together(shapes: readonly Case[]): readonly Case[] {
  return shapes.reduce<Case[]>((chosen, next) => {
    const goes = chosen.every(
      ({ right, wrong }) =>
        isDeepStrictEqual(right, next.right) && Object.keys(next.wrong).every((key) => !(key in wrong)),
    );
    return goes ? [...chosen, next] : chosen;
  }, []);
}

describe("Azure's rules", () => {
  it("have an id each", () => {
    const ids = constraintsOfAll().map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).to.deep.equal([]);
  });

  it("have a source and a case each", () => {
    const cased = new Set(all.flatMap(({ cases }) => cases.map(({ rule }) => rule)));
    const caseless = constraintsOfAll().filter(({ id, source }) => source === "" || !cased.has(id));
    expect(caseless.map(({ id }) => id)).to.deep.equal([]);
    // A shape that many components have is shown once.
    const shown = all.flatMap(({ rules, cases }) =>
      sourcedShapes(rules).filter(({ path }) => cases.some(({ rule }) => rule === path)),
    );
    const missing = casesIn<ArgumentCases<Args>>("arguments").flatMap(({ component, rules }) =>
      sourcedShapes(rules)
        .filter((shape) => !shown.some((other) => nameOf(other) === nameOf(shape)))
        .map(({ path }) => `${component} ${path}`),
    );
    expect(missing).to.deep.equal([]);
  });

  for (const subject of all) {
    const { component, rules, constraints = [], cases } = subject;
    const shapes = sourcedShapes(rules).map(({ path }) => path);

    describe(component, () => {
      for (const { rule, right, wrong, path } of cases) {
        it(`${rule}: ${path} is refused before anything is registered`, async () => {
          expect([...shapes, ...constraints.map(({ id }) => id)], "there is such a rule").to.include(rule);
          const { told, children } = await declared(subject, { ...right, ...wrong });
          expect(told).to.include(path);
          expect(children).to.equal(0);
          expect((await declared(subject, right)).told, "the right args").to.deep.equal([]);
        });
      }

      it("tells all wrong shapes at once", async () => {
        const wrong = together(cases.filter(({ rule }) => shapes.includes(rule)));
        const args = Object.assign({}, wrong[0]?.right, ...wrong.map((each) => each.wrong)) as Args;
        if (wrong.length > 0)
          expect((await declared(subject, args)).told).to.include.members(wrong.map(({ path }) => path));
      });
    });
  }
});
