import { expect } from "chai";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomResources } from "../../local/plugins/random/resources";
import { problemsOfString, randomString, type StringArgs } from "../../local/plugins/random/strings";

const specials = "!@#$%&*()-_=+[]{}<>:?";
const count = (text: string, characters: RegExp): number =>
  [...text].filter((character) => characters.test(character)).length;

const someArgs: fc.Arbitrary<StringArgs> = fc.record({
  length: fc.integer({ min: 1, max: 40 }),
  lower: fc.boolean(),
  upper: fc.boolean(),
  numeric: fc.boolean(),
  special: fc.boolean(),
  minLower: fc.integer({ min: 0, max: 5 }),
  minUpper: fc.integer({ min: 0, max: 5 }),
  minNumeric: fc.integer({ min: 0, max: 5 }),
  minSpecial: fc.integer({ min: 0, max: 5 }),
  overrideSpecial: fc.constantFrom("", "_-", "/"),
});
const goodArgs = someArgs.filter((args) => problemsOfString(args).length === 0);

describe("a random string", () => {
  it("has its length and at least as many of each class as asked for", () => {
    fc.assert(
      fc.property(goodArgs, (args) => {
        const text = randomString(args);
        expect(text).to.have.length(args.length);
        expect(count(text, /[a-z]/)).to.be.at.least(args.minLower);
        expect(count(text, /[A-Z]/)).to.be.at.least(args.minUpper);
        expect(count(text, /[0-9]/)).to.be.at.least(args.minNumeric);
        expect(count(text, /[^a-zA-Z0-9]/)).to.be.at.least(args.minSpecial);
      }),
    );
  });

  it("has no character of a class that is switched off and not asked for", () => {
    fc.assert(
      fc.property(goodArgs, (args) => {
        const text = randomString({ ...args });
        if (!args.lower && args.minLower === 0) expect(text).to.not.match(/[a-z]/);
        if (!args.upper && args.minUpper === 0) expect(text).to.not.match(/[A-Z]/);
        if (!args.numeric && args.minNumeric === 0) expect(text).to.not.match(/[0-9]/);
        if (!args.special && args.minSpecial === 0) expect(text).to.match(/^[a-zA-Z0-9]*$/);
      }),
    );
  });

  it("takes its special characters from those the program gives", () => {
    fc.assert(
      fc.property(goodArgs, (args) => {
        const allowed = new Set(args.overrideSpecial === "" ? specials : args.overrideSpecial);
        const found = [...randomString(args)].filter((character) => !/[a-zA-Z0-9]/.test(character));
        expect(found.every((character) => allowed.has(character))).to.equal(true);
      }),
    );
  });

  it("puts what is asked for at any place, not always first", () => {
    const args = {
      length: 4,
      lower: true,
      upper: false,
      numeric: false,
      special: false,
      minLower: 0,
      minUpper: 1,
      minNumeric: 0,
      minSpecial: 0,
      overrideSpecial: "",
    };
    const places = new Set(Array.from({ length: 300 }, () => randomString(args).search(/[A-Z]/)));
    expect(places.size).to.equal(4);
  });

  it("is refused where no string fits, naming the argument", () => {
    const args = {
      length: 4,
      lower: true,
      upper: true,
      numeric: true,
      special: true,
      minLower: 0,
      minUpper: 0,
      minNumeric: 0,
      minSpecial: 0,
      overrideSpecial: "",
    };
    expect(problemsOfString({ ...args, length: 0 })[0]?.property).to.equal("length");
    expect(problemsOfString({ ...args, minUpper: 5 })[0]?.property).to.equal("length");
    expect(problemsOfString({ ...args, minUpper: -1 })[0]?.property).to.equal("minUpper");
    expect(
      problemsOfString({ ...args, lower: false, upper: false, numeric: false, special: false }),
    ).to.have.length(1);
  });
});

describe("the random plugin's types", () => {
  for (const [token, resource] of Object.entries(randomResources)) {
    it(`${token} has the installed SDK's arguments and results`, () => {
      const name = token.split(":").at(-1) ?? "";
      const folder = dirname(require.resolve("@pulumi/random/package.json"));
      const source = readFileSync(join(folder, `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`), "utf8");
      expect(source).to.contain(`__pulumiType = '${token}'`);
      const args = [...source.matchAll(/resourceInputs\["(\w+)"\] = args/g)].map((match) => match[1]);
      expect(Object.keys(resource.args)).to.have.members(args);
      const results = [...source.matchAll(/resourceInputs\["(\w+)"\] = undefined/g)].map((match) => match[1]);
      expect(results).to.include.members([...resource.results]);
      const required = [...source.matchAll(/Missing required property '(\w+)'/g)].map((match) => match[1]);
      expect(resource.required).to.have.members(required);
    });
  }
});
