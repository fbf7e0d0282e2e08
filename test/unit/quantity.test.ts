import { expect } from "chai";
import fc from "fast-check";
import { quantityOf } from "../../components/quantity";

describe("quantities of Kubernetes", () => {
  it("are numbers, with a suffix or without", () => {
    const quantities = { "700m": 700, "2": 2000, "0.5": 500, "1500Mi": 1_572_864_000_000, "1k": 1_000_000 };
    for (const [text, thousandths] of Object.entries(quantities))
      expect(quantityOf(text), text).to.equal(thousandths);
    for (const none of ["", "two", "1500MB", "-1", "1 Gi", "1e3", "mi"])
      expect(quantityOf(none), none).to.equal(undefined);
  });

  it("grow with their number", () => {
    const suffix = fc.constantFrom("", "m", "k", "Ki", "M", "Mi", "G", "Gi", "T", "Ti");
    fc.assert(
      fc.property(fc.nat(1_000_000), suffix, (number, end) => {
        expect(quantityOf(`${number + 1}${end}`)).to.be.greaterThan(quantityOf(`${number}${end}`) ?? NaN);
      }),
    );
  });
});
