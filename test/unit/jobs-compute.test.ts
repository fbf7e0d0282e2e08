import { expect } from "chai";
import { computeProblem } from "../../providers/jobs/compute";
import type { Arm } from "../../providers/clients/arm";
import { UNKNOWN } from "../../providers/rules";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

describe("the compute of jobs", () => {
  const id = `${WORKSPACE_ID}/computes/cpu`;
  const armOf = (read: () => Promise<unknown>): Arm => ({ read }) as unknown as Arm;
  const cluster = { properties: { properties: { scaleSettings: { maxNodeCount: 2 } } } };
  const said: string[] = [];
  const problem = async (
    read: () => Promise<unknown>,
    computeId: string | undefined,
    instances?: number,
  ): Promise<string | undefined> =>
    await computeProblem(armOf(read), computeId, instances, (line) => said.push(line));
  beforeEach(() => said.splice(0));

  it("must be there", async () => {
    expect(await problem(async () => undefined, id, 1)).to.equal("there is no such compute");
  });

  it("is said to be too small where it has fewer nodes than a job asks for, since the same `up` may change it", async () => {
    expect(await problem(async () => cluster, id, 3)).to.equal(undefined);
    expect(said).to.deep.equal([
      "cpu has 2 nodes at most, and jobs ask for 3: Azure refuses that unless this `up` makes it larger",
    ]);
  });

  it("is large enough, of another kind, not known yet, none or out of reach: nothing is said", async () => {
    const unread = (): never => expect.fail("there is nothing to read");
    expect(await problem(async () => cluster, id, 2)).to.equal(undefined);
    expect(await problem(async () => ({ properties: { properties: null } }), id, 9)).to.equal(undefined);
    expect(await problem(unread, UNKNOWN, 1)).to.equal(undefined);
    expect(await problem(unread, undefined, 1)).to.equal(undefined);
    expect(await problem(() => Promise.reject(new Error("no network")), id, 1)).to.equal(undefined);
    expect(said).to.deep.equal([]);
  });
});
