import { expect } from "chai";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoredResource } from "../../local/arm/store";
import { SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { packageRoot } from "../../tools/paths";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { changes, exported, type Exported } from "../helpers/plan";

const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-owner`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-owner`;

const principalId = randomUUID();

/** A stack takes on what is in Azure already, by the real engine's `import`. */
describe("a workspace that is there already", () => {
  const azure = new LocalAzure();
  const fixture = join(packageRoot(), "test", "fixtures", "adopted");
  let stack: Stack;
  let made: readonly Exported[];
  const fresh = async (): Promise<Stack> =>
    await azure.program(fixture, "team", { "adopted-workspace:identityId": IDENTITY });

  before(async () => {
    await azure.hold(
      stored(GROUP, "Microsoft.Resources/resourceGroups", { provisioningState: "Succeeded" }),
      stored(IDENTITY, "Microsoft.ManagedIdentity/userAssignedIdentities", {
        tenantId: TENANT_ID,
        principalId,
        clientId: randomUUID(),
      }),
      roleHeld(ROLES.Contributor),
      roleHeld(ROLES["Key Vault Administrator"]),
    );
    await azure.start();
    stack = await fresh();
    await stack.succeeds("up", "--yes", "--skip-preview");
    made = (await exported(stack)).filter(({ type }) => !/^pulumi(-nodejs)?:/.test(type));
    await stack.succeeds("stack", "rm", "--force", "--yes", "--preserve-config");
    stack = await fresh();
  });
  after(async () => await azure.remove());

  it("is imported as the component's children", async () => {
    const list = join(azure.paths.folder, "import.json");
    writeFileSync(list, JSON.stringify(importList(made)));
    await stack.succeeds("import", "--file", list, "--yes", "--generate-code=false", "--protect=false");
  });

  it("stays what it is: nothing of it is created, replaced or deleted", async () => {
    const planned = await changes(stack);
    const others = planned.filter(({ op, type }) => op !== "update" && type.startsWith("azure-native:"));
    expect(others).to.deep.equal([]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    await stack.succeeds("preview", "--expect-no-changes");
    const ids = (await exported(stack)).map(({ urn, id }) => `${urn} ${id}`);
    expect(ids).to.include.members(made.map(({ urn, id }) => `${urn} ${id}`));
  });

  it("goes with the stack from then on", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect(
      (await askAdmin<Status>(azure.paths, azure.run(), "status")).resources,
      "the identity, its group and its roles",
    ).to.equal(4);
  });
});

function stored(id: string, type: string, properties: JsonObject): StoredResource {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return { id, body: { id, name, type, location: "westeurope", properties }, internal: {} };
}

/** What the identity was given on the whole subscription. */
function roleHeld(role: string): StoredResource {
  const definitions = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions`;
  const id = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  return stored(id, "Microsoft.Authorization/roleAssignments", {
    principalId,
    roleDefinitionId: `${definitions}/${role}`,
  });
}

/** What `pulumi import --file` takes. */
function importList(resources: readonly Exported[]): object {
  const name = (urn: string): string => urn.replace(/\W/g, "_");
  return {
    resources: resources.map(({ type, urn, name: logicalName, parent, id, custom }) => ({
      type,
      name: name(urn),
      logicalName,
      ...(resources.some((other) => other.urn === parent) ? { parent: name(parent) } : {}),
      ...(custom ? { id } : { component: true }),
    })),
  };
}
