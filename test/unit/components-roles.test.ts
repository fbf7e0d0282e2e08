import { expect } from "chai";
import fc from "fast-check";
import { assignmentName } from "../../components/roles";

describe("the name of a role assignment", () => {
  const parts = fc.tuple(fc.string(), fc.uuid(), fc.uuid());

  it("is a GUID of version 5, the same for the same scope, role and principal in any case", () => {
    fc.assert(
      fc.property(parts, ([scope, role, principal]) => {
        const name = assignmentName(scope, role, principal);
        expect(name).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(assignmentName(scope.toUpperCase().toLowerCase(), role.toUpperCase(), principal)).to.equal(
          name,
        );
      }),
    );
  });

  it("is another one for another scope, role or principal", () => {
    expect(
      new Set([
        assignmentName("/a", "r", "p"),
        assignmentName("/b", "r", "p"),
        assignmentName("/a", "s", "p"),
        assignmentName("/a", "r", "q"),
      ]),
    ).to.have.property("size", 4);
  });
});
