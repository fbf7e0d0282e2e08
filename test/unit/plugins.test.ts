import { expect } from "chai";
import * as fc from "fast-check";
import { mkdtempSync, rmSync, statSync, readFileSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, JsonObject } from "../../local/json";
import { autoName } from "../../local/plugins/azure-native/names";
import { installPlugins } from "../../local/plugins/install";
import { changesOf, withChanges } from "../../local/plugins/object-diff";
import { parseMembers } from "../../local/plugins/sdk/type-expression";
import { equal } from "../../local/plugins/values";

describe("a name that the program leaves to Pulumi", () => {
  const path =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}";
  const seed = Buffer.from("seed");

  it("is the logical name and eight hexadecimal digits, the same for the same seed", () => {
    expect(autoName(path, "kv", seed, undefined)?.name).to.match(/^kv[0-9a-f]{8}$/);
    expect(autoName(path, "kv", seed, undefined)).to.deep.equal(autoName(path, "kv", seed, undefined));
    expect(autoName(path, "kv", Buffer.from("other"), undefined)).to.not.deep.equal(
      autoName(path, "kv", seed, undefined),
    );
  });

  it("is the logical name inside another resource, and a UUID for a role assignment", () => {
    expect(autoName(`${path}/secrets/{secretName}`, "s", seed, undefined)).to.deep.equal({
      input: "secretName",
      name: "s",
      isRandom: false,
    });
    const role = autoName(
      "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
      "r",
      seed,
      undefined,
    );
    expect(role?.name).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("follows the project's autonaming settings", () => {
    expect(autoName(path, "kv", seed, { mode: "disable", proposedName: "" })).to.equal(undefined);
    expect(autoName(path, "kv", seed, { mode: "propose", proposedName: "proposed" })?.name).to.equal(
      "proposed",
    );
  });
});

describe("changes between two objects", () => {
  const json: fc.Arbitrary<JsonObject> = fc.dictionary(
    fc.stringMatching(/^[a-z.]{1,3}$/),
    fc
      .jsonValue({ maxDepth: 3, noUnicodeString: true })
      .filter((value) => value !== null) as fc.Arbitrary<Json>,
    { maxKeys: 5 },
  );

  it("are none exactly when the objects are equal", () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(changesOf(left, left, () => true).size).to.equal(0);
        expect(changesOf(left, right, () => false).size === 0).to.equal(equal(left, right));
      }),
    );
  });

  it("ask for a replacement when a property above them does", () => {
    const changes = changesOf(
      { a: { b: [{ c: 1 }] } },
      { a: { b: [{ c: 2 }, { c: 3 }] } },
      (path) => path === "a.b",
    );
    expect([...changes]).to.deep.equal([
      ["a.b[0].c", { kind: "update", replaces: true }],
      ["a.b[1]", { kind: "add", replaces: true }],
    ]);
  });

  it("taken up from two readings leave inputs alone that nobody changed, and give what was changed", () => {
    fc.assert(
      fc.property(json, json, json, (inputs, before, after) => {
        expect(withChanges(inputs, before, before)).to.deep.equal(inputs);
        expect(equal(withChanges(before, before, after), after)).to.equal(true);
      }),
    );
  });
});

describe("the SDK's declarations", () => {
  it("are read with their types and what is required", () => {
    const members = parseMembers(`
      /** A comment; with a semicolon. */
      kind?: pulumi.Input<string | enums.storage.Kind | undefined>;
      readonly size: pulumi.Output<number>;
      tags?: pulumi.Input<{ [key: string]: pulumi.Input<string>; } | undefined>;
      rules: pulumi.Input<pulumi.Input<inputs.a.RuleArgs>[]>;
      scale: pulumi.Input<inputs.a.ManualArgs | inputs.a.AutoArgs>;
      type: pulumi.Input<"AmlCompute">;`);
    expect(Object.fromEntries(members)).to.deep.equal({
      kind: { required: false, type: { kind: "scalar", of: "string" } },
      size: { required: true, type: { kind: "scalar", of: "number" } },
      tags: { required: false, type: { kind: "map", values: { kind: "scalar", of: "string" } } },
      rules: {
        required: true,
        type: { kind: "array", items: { kind: "object", name: "inputs.a.RuleArgs" } },
      },
      scale: {
        required: true,
        type: {
          kind: "union",
          members: [
            { kind: "object", name: "inputs.a.ManualArgs" },
            { kind: "object", name: "inputs.a.AutoArgs" },
          ],
        },
      },
      type: { required: true, type: { kind: "literal", value: "AmlCompute" } },
    });
  });
});

describe("installing the plugins", () => {
  it("puts an executable a plugin where the engine looks for the installed SDK's version, once", () => {
    const home = mkdtempSync(join(tmpdir(), "pulumi home '"));
    try {
      installPlugins(home);
      for (const name of ["azure-native", "random"]) {
        const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
        const { version } = JSON.parse(manifest) as { version: string };
        const file = join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
        expect(statSync(file).mode & 0o777).to.equal(0o755);
        expect(readFileSync(file, "utf8")).to.match(
          /^#!\/bin\/sh\nexec '.*node' '.*dist\/local\/plugins\/.*\/main\.js' "\$@"\n$/,
        );
        utimesSync(file, 1, 1);
        installPlugins(home);
        expect(statSync(file).mtimeMs).to.equal(1000);
      }
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
