import { expect } from "chai";
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../local/json";
import {
  armId,
  bodyInputs,
  bodyOf,
  outputsOf,
  pathInputsIn,
  sdkResourceOf,
} from "../../local/plugins/azure-native/body";
import { CLIENT_CONFIG, knownFunctions } from "../../local/plugins/azure-native/invokes";
import { asInput } from "../../local/plugins/azure-native/shape";
import { isScope, knownRows, pathInputs } from "../../local/plugins/azure-native/table";
import { nestedWireNames } from "../../local/plugins/azure-native/wire-names";
import { sdkFunction, sdkType } from "../../local/plugins/sdk/azure-native";
import { type SdkProperties, type SdkType } from "../../local/plugins/sdk/type-expression";
import { operationFinder } from "../../local/arm/model-table";
import { checkRequest } from "../../local/arm/models";
import { tableOf, tables } from "./arm-harness";

/** What the SDK has of an API's version and the package that embeds that version does not yet. */
const newer = /\.serviceGateway$/;

describe("the azure-native plugin's table", () => {
  for (const row of knownRows()) {
    describe(row.token, () => {
      it("is a resource of the installed SDK with an API version", () => {
        expect(sdkResourceOf(row).apiVersion).to.match(/^\d{4}-\d\d-\d\d/);
      });

      it("has a path of the SDK's inputs, and every required name of the SDK in it", () => {
        const inputs = sdkResourceOf(row).inputs;
        expect([...inputs.keys()]).to.include.members([...pathInputs(row.path)]);
        const names = [...inputs].filter(
          ([name, { required }]) => required && /(^name|(?<!Short)Name|^scope)$/.test(name),
        );
        expect(pathInputs(row.path)).to.include.members(names.map(([name]) => name));
      });

      it("names only what the SDK has", () => {
        const { inputs, outputs } = sdkResourceOf(row);
        const own = [...inputs.keys(), ...outputs.keys()];
        expect(own).to.include.members([
          ...Object.keys(row.wireNames).filter((name) => name !== "immediatePurgeDataOn30Days"),
          ...row.inProperties,
          ...row.beside,
          ...Object.keys(row.defaults),
        ]);
        expect([...inputs.keys()]).to.include.members([...row.query]);
        for (const path of [...row.createOnly, ...row.keptWhenUnset])
          expect(typeAt(inputs, path), path).to.not.equal(undefined);
      });

      it("writes every input where Microsoft's model of the type has it", function () {
        const names = pathInputs(row.path).map((name) => [name, isScope(name) ? "/subscriptions/s" : "n"]);
        const id = armId(row.path, Object.fromEntries(names) as Record<string, string>, "s");
        const found = operationFinder(tables)("PUT", id);
        // test/unit/arm-models-types.test.ts holds the ledger to the types that no package vouches for.
        if (found === undefined) return;
        fc.assert(
          fc.property(valuesOf(bodyInputs(row), 3), (inputs) => {
            const body = JSON.parse(JSON.stringify(bodyOf(row, inputs))) as JsonObject;
            const problems = checkRequest(found.table, found.operation.request ?? "", body);
            const unknown = problems.filter(({ kind, path }) => kind === "unknown" && !newer.test(path));
            expect(unknown).to.deep.equal([]);
          }),
          { numRuns: 20 },
        );
      });

      it("brings every input back from a body that Azure returns as it was sent", () => {
        const settable = bodyInputs(row);
        const readable = sdkResourceOf(row).outputs;
        fc.assert(
          fc.property(valuesOf(settable, 2), (inputs) => {
            const outputs = outputsOf(row, JSON.parse(JSON.stringify(bodyOf(row, inputs))) as JsonObject);
            for (const [name, { type }] of settable) {
              const written = inputs[name];
              const read = outputs[name];
              // What Azure never returns (a workspace's hub, keys) is no output of the SDK.
              if (written === undefined || !readable.has(name) || read === undefined) continue;
              expect(asInput(read, type), name).to.satisfy((value: Json) => isPartOf(value, written));
            }
          }),
          { numRuns: 10 },
        );
      });

      it("finds the inputs in an id that it made of them", () => {
        const names = Object.fromEntries(
          pathInputs(row.path).map((name, index) => [
            name,
            isScope(name) ? "/subscriptions/s/resourceGroups/g" : `na.me-${index}`,
          ]),
        );
        const id = armId(row.path, names, "sub");
        expect(id).to.match(/^\/subscriptions\//);
        const inId = Object.entries(names).map(([name, value]) => [name, value.replace(/^\//, "")]);
        expect(pathInputsIn(row.path, id)).to.deep.include(Object.fromEntries(inId));
      });
    });
  }

  it("replaces for what Microsoft's models let only a create of a Machine Learning resource write", () => {
    const { models } = tableOf("azure-ai-ml");
    for (const row of knownRows().filter(({ token }) => token.includes(":machinelearningservices:"))) {
      const type = sdkResourceOf(row).inputs.get("properties")?.type;
      if (type?.kind !== "object") continue;
      const model = models[/([A-Za-z]+)Args$/.exec(type.name)?.[1] ?? ""];
      const createOnly = Object.entries(model?.fields ?? {})
        .filter(
          ([, { visibility }]) => visibility?.includes("create") === true && !visibility.includes("update"),
        )
        .map(([name]) => `properties.${name}`);
      expect(model, type.name).to.not.equal(undefined);
      expect(row.createOnly, row.token).to.have.members(createOnly);
    }
  });

  it("renames only properties that the SDK's types have", () => {
    for (const [type, names] of Object.entries(nestedWireNames)) {
      expect([...sdkType(`inputs.${type}Args`).keys()], type).to.include.members(Object.keys(names));
    }
  });

  it("has only functions of the installed SDK", () => {
    for (const token of knownFunctions().filter((each) => each !== CLIENT_CONFIG))
      expect(sdkFunction(token), token).to.not.equal(undefined);
  });

  it("writes a storage account as Azure reads it", () => {
    const row = knownRows().find(({ token }) => token.endsWith(":StorageAccount"));
    if (row === undefined) throw new Error("no row");
    const inputs = {
      accountName: "acc",
      resourceGroupName: "rg",
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "1.2.3.4" }] },
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id/b", "/id/a"] },
    };
    expect(bodyOf(row, inputs)).to.deep.equal({
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id/b": {}, "/id/a": {} } },
      properties: {
        supportsHttpsTrafficOnly: true,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "1.2.3.4" }] },
      },
    });
  });

  it("refuses to build an id of a name that is not known", () => {
    expect(() =>
      armId("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}", {}, "sub"),
    ).to.throw("'resourceGroupName' should be a name");
  });
});

/** The type of the property at a path. */
function typeAt(properties: SdkProperties, path: string): SdkType | undefined {
  const [name = "", ...rest] = path.split(".");
  const type = properties.get(name)?.type;
  if (rest.length === 0 || type === undefined) return type;
  return type.kind === "object" ? typeAt(sdkType(type.name), rest.join(".")) : undefined;
}

/** Objects of the SDK's input types, properties left out at will. */
function valuesOf(properties: SdkProperties, depth: number): fc.Arbitrary<JsonObject> {
  const entries = [...properties].map(([name, { type }]) => {
    const value =
      name === "userAssignedIdentities"
        ? fc.subarray(["/a", "/b", "/c"]).map((ids) => [...ids].sort() as Json)
        : valueOf(type, depth);
    return [name, type.kind === "literal" ? value : fc.option(value, { nil: undefined })];
  });
  return fc
    .record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<Json | undefined>>)
    .map((record) => JSON.parse(JSON.stringify(record)) as JsonObject);
}

function valueOf(type: SdkType, depth: number): fc.Arbitrary<Json> {
  switch (type.kind) {
    case "scalar":
      return type.of === "string"
        ? fc.constantFrom("a", "b1", "Default", "")
        : type.of === "number"
          ? fc.integer()
          : fc.boolean();
    case "literal":
      return fc.constant(type.value);
    case "array":
      return fc.array(valueOf(type.items, depth), { maxLength: 2 });
    case "map":
      return fc.dictionary(fc.constantFrom("a", "b.c", "d-e"), valueOf(type.values, depth), { maxKeys: 2 });
    case "object":
      return depth === 0 ? fc.constant({}) : valuesOf(sdkType(type.name), depth - 1);
    case "union":
      return fc.oneof(...type.members.map((member) => valueOf(member, depth)));
    default:
      return fc.constant("anything");
  }
}

/** Whether all of `part` is in `whole`: an answer leaves out what can only be written. */
function isPartOf(part: Json, whole: Json): boolean {
  if (Array.isArray(part) && Array.isArray(whole))
    return part.length === whole.length && part.every((item, index) => isPartOf(item, whole[index] ?? null));
  if (
    typeof part === "object" &&
    part !== null &&
    typeof whole === "object" &&
    whole !== null &&
    !Array.isArray(part) &&
    !Array.isArray(whole)
  ) {
    return Object.entries(part).every(
      ([key, item]) => item !== undefined && isPartOf(item, whole[key] ?? null),
    );
  }
  return part === whole;
}
