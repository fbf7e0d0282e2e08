import { expect } from "chai";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import {
  codeOf,
  Harness,
  IDENTITY,
  propertiesOf,
  STORAGE,
  VAULT,
  WORKSPACE,
  workspaceBody,
} from "./arm-harness";

describe("a workspace's identity in the local ARM", () => {
  /** `role@scope` that the identity lacks. */
  const lacking = new Set<string>();
  let azure: Harness;
  before(async () => {
    azure = new Harness({
      access: {
        hasRole: (principal, roles, scope) =>
          principal.objectId !== identity?.["principalId"] ||
          !roles.every((role) => lacking.has(`${role}@${scope}`)),
      },
    });
    await azure.makeWorkspace();
    identity = propertiesOf((await azure.ask("GET", IDENTITY)).body);
  });
  after(async () => await azure.close());
  afterEach(() => lacking.clear());
  let identity: JsonObject | undefined;

  const refusal = async (id: string, body: JsonObject): Promise<string> => {
    const response = await azure.finish("PUT", id, body);
    return `${response.status} ${String(codeOf(response))}`;
  };
  const changed = (more: JsonObject, properties: JsonObject = {}): JsonObject => ({
    ...workspaceBody,
    ...more,
    properties: { ...propertiesOf(workspaceBody), ...properties },
  });

  it("needs its roles on storage and vault, as it acts by them", async () => {
    for (const role of [ROLES.Contributor, ROLES.Owner]) lacking.add(`${role}@${STORAGE}`);
    expect(await refusal(`${WORKSPACE}2`, workspaceBody)).to.equal("403 AuthorizationFailed");
    lacking.clear();
    lacking.add(`${ROLES["Key Vault Administrator"]}@${VAULT}`);
    expect(await refusal(`${WORKSPACE}2`, workspaceBody)).to.equal("403 ForbiddenByRbac");
    lacking.clear();
    await azure.make(`${WORKSPACE}2`, workspaceBody);
  });

  it("is user-assigned with a primary one, or system-assigned without", async () => {
    expect(await refusal(WORKSPACE, changed({}, { primaryUserAssignedIdentity: null }))).to.equal(
      "400 BadArgument",
    );
    const both = { type: "SystemAssigned,UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } };
    expect(await refusal(WORKSPACE, changed({ identity: both }))).to.equal("400 BadArgument");
  });

  it("does not go back from both kinds to its own alone", async () => {
    const id = `${WORKSPACE}3`;
    const own = { primaryUserAssignedIdentity: null };
    await azure.make(id, changed({ identity: { type: "SystemAssigned" } }, own));
    const both = { type: "SystemAssigned,UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } };
    await azure.make(id, changed({ identity: both }, own));
    expect(await refusal(id, changed({ identity: { type: "SystemAssigned" } }, own))).to.equal(
      "400 BadArgument",
    );
  });
});
