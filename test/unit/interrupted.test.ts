import { expect } from "chai";
import * as fc from "fast-check";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  withoutPending,
  type Checkpoint,
  type PendingOperation,
  type ResourceState,
} from "../../local/pending-operations";
import { statePaths } from "../../local/state";
import { dropKeptStates, readState } from "../../local/state-file";
import { UserError } from "../../local/user-error";

const resource = (name: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn: `urn:${name}`,
  type: "azure-native:resources:ResourceGroup",
  id: `/${name}`,
  ...more,
});
const settled = (
  resources: readonly ResourceState[],
  pending: readonly PendingOperation[],
  created: Record<string, string> = {},
): readonly ResourceState[] => {
  const checkpoint: Checkpoint = { version: 3, deployment: { resources, pending_operations: pending } };
  const { deployment } = withoutPending(checkpoint, new Map(Object.entries(created)));
  expect(deployment.pending_operations).to.deep.equal([]);
  return deployment.resources ?? [];
};
const names = (resources: readonly ResourceState[]): string[] => resources.map(({ urn }) => urn.slice(4));

describe("the state after an interrupted run", () => {
  const creating = (name: string, more: Partial<ResourceState> = {}): PendingOperation => ({
    type: "creating",
    resource: resource(name, { id: undefined, ...more }),
  });

  it("has what was being created and exists, to be written again, and forgets what does not exist", () => {
    const after = settled([resource("a")], [creating("b"), creating("c")], { "urn:b": "/B" });
    expect(names(after)).to.have.members(["a", "b"]);
    const taken = after.find(({ urn }) => urn === "urn:b");
    expect(taken?.id).to.equal("/B");
    expect(taken?.initErrors).to.have.length(1);
  });

  it("has what was being updated, to be written again, and what was being deleted as it was", () => {
    const [updated, deleted] = settled(
      [resource("a"), resource("b")],
      [
        { type: "updating", resource: resource("a") },
        { type: "deleting", resource: resource("b") },
      ],
    );
    expect(updated?.initErrors).to.have.length(1);
    expect(deleted).to.deep.equal(resource("b"));
  });

  it("still deletes what was to be replaced, and not what had been deleted to make room", () => {
    const beside = settled([resource("a")], [creating("a")], { "urn:a": "/new" });
    expect(beside.map(({ id, delete: gone = false }) => [id, gone])).to.deep.equal([
      ["/new", false],
      ["/a", true],
    ]);
    const instead = settled([resource("a", { pendingReplacement: true })], [creating("a")], {
      "urn:a": "/a",
    });
    expect(instead.map(({ id, initErrors = [] }) => [id, initErrors.length])).to.deep.equal([["/a", 1]]);
  });

  it("has each resource after all that it depends on, whatever was taken in", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(fc.nat(30), { maxLength: 3 }), fc.boolean()), { maxLength: 15 }),
        (plan) => {
          const all = plan.map(([above, pending], index) => {
            // What is being created has nothing below it yet.
            const done = above.filter((other) => other < index && plan[other]?.[1] === false);
            return {
              pending,
              state: resource(String(index), { dependencies: done.map((other) => `urn:${other}`) }),
            };
          });
          const after = settled(
            all.filter(({ pending }) => !pending).map(({ state }) => state),
            all.filter(({ pending }) => pending).map(({ state }) => ({ type: "creating", resource: state })),
            Object.fromEntries(all.map(({ state }) => [state.urn, state.id ?? ""])),
          );
          expect(after).to.have.length(all.length);
          const place = new Map(after.map(({ urn }, index) => [urn, index]));
          for (const { urn, dependencies = [] } of after) {
            for (const above of dependencies) expect(place.get(above)).to.be.lessThan(place.get(urn) ?? -1);
          }
        },
      ),
    );
  });
});

describe("a state that the engine could not write to its end", () => {
  const paths = statePaths(mkdtempSync(join(tmpdir(), "pulumi-azureml-state-")));
  const folder = join(paths.pulumiState, ".pulumi", "stacks", "pulumi-azureml");
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const state = (name: string): string =>
    JSON.stringify({ checkpoint: { latest: { resources: [resource(name)] } } });
  let restored = 0;
  const read = (): readonly ResourceState[] | undefined =>
    readState(paths, "local", () => restored++)?.resources;

  before(() => mkdirSync(folder, { recursive: true }));
  after(() => rmSync(paths.folder, { recursive: true, force: true }));
  beforeEach(() => {
    restored = 0;
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });

  it("is exchanged for the last whole one that was kept", () => {
    write("local.json", state("d").slice(0, 30));
    write("local.json.1795479126241794021", state("a"));
    write("local.json.1795479126241794022", state("b"));
    write("local.json.1795479126241794023", "");
    expect(names(read() ?? [])).to.deep.equal(["b"]);
    expect(restored).to.equal(1);
    dropKeptStates(paths, "local");
    expect(readdirSync(folder)).to.deep.equal(["local.json"]);
    expect(names(read() ?? [])).to.deep.equal(["b"]);
    expect(restored).to.equal(1);
  });

  it("is told about, with its file, where none was kept", () => {
    write("local.json", state("d").slice(0, 30));
    expect(read).to.throw(UserError, join(folder, "local.json"));
  });

  it("is no state at all before the first run", () => {
    expect(read()).to.equal(undefined);
  });
});
