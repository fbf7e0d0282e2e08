import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/azure-native/provider";
import { expect } from "chai";
import { refuseAnotherSignIn } from "../../providers/explicit-provider";
import { signInSettings } from "../../providers/clients/sign-in-settings";
import { runProgram } from "../helpers/pulumi-mocks";

const SETTINGS = { ARM_SUBSCRIPTION_ID: "sub-1", ARM_TENANT_ID: "ten-1", ARM_CLIENT_ID: "app-1" };

class Team extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Team", name, {}, opts);
  }
}

/** What becomes of a dynamic resource below a component that was given this provider. */
async function outcome(
  args: ConstructorParameters<typeof Provider>[1] | undefined,
  environment: NodeJS.ProcessEnv = SETTINGS,
): Promise<string | undefined> {
  let asked: Promise<void> = Promise.resolve();
  await runProgram(() => {
    const opts = args === undefined ? {} : { provider: new Provider("theirs", args) };
    const parent = new Team("team", opts);
    asked = refuseAnotherSignIn("team-endpoint", { parent }, signInSettings(environment));
    asked.catch(() => undefined);
    return parent;
  });
  return await asked.then(
    () => undefined,
    (error: Error) => error.message,
  );
}

describe("an azure-native provider that is given to a component", () => {
  it("is taken where it says what the settings say, or nothing of where and who", async () => {
    expect(await outcome(undefined)).to.equal(undefined);
    expect(await outcome({ location: "westeurope" })).to.equal(undefined);
    const same = { subscriptionId: "SUB-1", tenantId: "ten-1", clientId: "app-1" };
    expect(await outcome(same)).to.equal(undefined);
    expect(await outcome({ clientId: "app-1" }, { AZURE_CLIENT_ID: "app-1" })).to.equal(undefined);
    expect(await outcome({ subscriptionId: "sub-1", tenantId: "ten-1" }, {})).to.equal(undefined);
  });

  it("is refused where it names another, with the settings that do the same and no value", async () => {
    for (const [key, variable] of [
      ["subscriptionId", "ARM_SUBSCRIPTION_ID"],
      ["tenantId", "ARM_TENANT_ID"],
      ["clientId", "ARM_CLIENT_ID"],
      ["environment", "ARM_ENVIRONMENT"],
      ["metadataHost", "ARM_METADATA_HOSTNAME"],
    ] as const) {
      const said = (await outcome({ [key]: "planted" })) ?? expect.fail(`${key} was taken`);
      expect(said).to.contain(key).and.to.contain(variable).and.to.contain("team-endpoint");
      expect(said).to.not.contain("planted");
    }
    expect(await outcome({ clientId: "app-1" }, {})).to.contain("which have none");
  });
});
