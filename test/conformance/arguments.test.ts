import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import * as components from "../../components";
import { InvalidArgs } from "../../components";
import { createTruth } from "../../local/arm/truth";
import { argumentPaths, type ArgumentCases, type AzureRequest } from "../helpers/argument-cases";
import { azureRequests } from "../helpers/azure-requests";
import { casesIn } from "../helpers/case-files";
import { placesOf, valueAt, withValueAt } from "../helpers/places";
import { runProgram } from "../helpers/pulumi-mocks";
import { tables } from "../unit/arm-harness";

type Cases = ArgumentCases<Record<string, unknown>>;

const all = casesIn<Cases>("arguments");

/** What a component of these args sends; undefined where it refuses them. */
async function requestsOf(
  { declare, requests }: Cases,
  args: Record<string, unknown>,
): Promise<readonly AzureRequest[] | undefined> {
  try {
    const { resources } = await runProgram(() => declare("subject", args));
    return resources
      .filter(({ type }) => !type.startsWith("pulumi-azureml:index:"))
      .flatMap((resource) => {
        const sent = azureRequests(resource) ?? requests?.(resource);
        if (sent === undefined) throw new Error(`nothing says what ${resource.type} sends to Azure`);
        return sent;
      });
  } catch (error) {
    if (error instanceof InvalidArgs) return undefined;
    throw error;
  }
}

/** Values to try in an argument's place, in this order: none, another case's, one that follows from its own. */
function* otherValues(cases: readonly object[], path: string, value: unknown): Generator {
  yield undefined;
  for (const other of cases.flatMap((args) => placesOf(args, path).map((place) => valueAt(args, place))))
    if (!isDeepStrictEqual(other, value)) yield other;
  if (typeof value === "boolean") yield !value;
  if (typeof value === "number") yield* [value + 1, value - 1];
  if (typeof value === "string")
    yield* [`${value}2`, value.replace(/.$/, (last) => (last === "1" ? "2" : "1"))];
}

/** Runs without stack traces: Pulumi takes one for each promise and resource, which is most of the time that a mocked program takes. */
async function withoutTraces<T>(run: () => Promise<T>): Promise<T> {
  const { prepareStackTrace, stackTraceLimit } = Error;
  // Pulumi lifts the limit for resources, so that a trace must cost nothing to write either.
  Object.assign(Error, { prepareStackTrace: String, stackTraceLimit: 0 });
  try {
    return await run();
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/** Whether some request depends on the argument. */
async function reachesAzure(subject: Cases, sent: readonly unknown[], path: string): Promise<boolean> {
  for (const [index, args] of subject.cases.entries()) {
    for (const place of placesOf(args, path)) {
      const value = valueAt(args, place);
      for (const other of otherValues(subject.cases, path, value)) {
        const changed = await requestsOf(subject, withValueAt(args, place, other));
        if (changed !== undefined && !isDeepStrictEqual(changed, sent[index])) return true;
      }
    }
  }
  return false;
}

describe("the arguments of the components", function () {
  this.timeout(120_000);

  it("are shown for every component", () => {
    const classes = Object.values(components).filter(
      (value) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource,
    );
    expect(all.map(({ component }) => component).sort()).to.deep.equal(
      classes.map(({ name }) => name).sort(),
    );
  });

  for (const subject of all) {
    describe(subject.component, () => {
      const sent: (readonly AzureRequest[])[] = [];
      before(async () => {
        for (const args of subject.cases) {
          const requests = await requestsOf(subject, args);
          sent.push(requests ?? expect.fail(`refuses ${JSON.stringify(args)}`));
        }
      });

      it("sends bodies that Microsoft's models take", () => {
        const truth = createTruth(tables, () => undefined);
        for (const { id, apiVersion, body } of sent.flat()) truth.request("PUT", id, apiVersion, body);
      });

      it("has no argument that reaches Azure in none of the cases", async () => {
        const { rules, exempt = {} } = subject;
        const paths = argumentPaths(rules);
        expect(paths, "what is exempt is an argument").to.include.members(Object.keys(exempt));
        const lost: string[] = [];
        for (const path of paths) {
          const reaches = await withoutTraces(() => reachesAzure(subject, sent, path));
          if (reaches === path in exempt) lost.push(reaches ? `${path}: is exempt, and reaches Azure` : path);
        }
        expect(lost).to.deep.equal([]);
      });
    });
  }
});
