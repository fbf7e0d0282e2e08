import { expect } from "chai";
import fc from "fast-check";
import { isCron } from "../../components/cron";

const limits = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;
const field = (least: number, most: number): fc.Arbitrary<string> => {
  const number = fc.integer({ min: least, max: most });
  const range = fc
    .tuple(number, number)
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const list = fc.array(fc.oneof(number.map(String), range), { minLength: 1, maxLength: 4 });
  return fc.oneof(
    fc.constant("*"),
    list.map((parts) => parts.join(",")),
  );
};
const fields = fc.tuple(...limits.map(([least, most]) => field(least, most)));

describe("cron expressions of a compute instance's schedule", () => {
  it("are five fields of stars, numbers, ranges and lists within their limits", () => {
    fc.assert(fc.property(fields, (all) => isCron(all.join(" "))));
  });

  it("are nothing else: a value beyond its limit, a step, a name, a field too few or too many", () => {
    fc.assert(
      fc.property(
        fields,
        fc.nat({ max: 4 }),
        fc.constantFrom("60", "99", "5-1x", "*/5", "MON", "", "1-", "-1", "L", "?", "1,,2"),
        (all, index, wrong) => !isCron(all.map((each, at) => (at === index ? wrong : each)).join(" ")),
      ),
    );
    fc.assert(
      fc.property(fields, (all) => !isCron(all.slice(1).join(" ")) && !isCron([...all, "*"].join(" "))),
    );
    for (const backwards of ["0 18-8 * * *", "0 0 0 * *", "0 0 * 0 *", "0 0 * * 7"])
      expect(isCron(backwards), backwards).to.equal(false);
  });
});
