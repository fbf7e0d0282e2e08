import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { TrackingAccess, type FederatedCredential, type TrackingAccessArgs } from "../../components";
import { trackingLevels, trackingPermission } from "../../components/tracking-roles";
import { trackingScripts } from "../../components/tracking-scripts";
import { TENANT_ID } from "../../local/cloud";
import { allows } from "../../local/identity/role-actions";
import { GROUP_ID, guid, IDENTITY_ID, runProgram, WORKSPACE_ID, type Program } from "../helpers/pulumi-mocks";

const TRACKING_URI = `azureml://westeurope.api.azureml.ms/mlflow/v1.0${WORKSPACE_ID}`;
const ROLE = "azure-native:authorization:RoleDefinition";
const ASSIGNMENT = "azure-native:authorization:RoleAssignment";

async function declare(args: Omit<TrackingAccessArgs, "workspaceId">): Promise<Program> {
  return await runProgram(() => new TrackingAccess("outside", { workspaceId: WORKSPACE_ID, ...args }));
}

async function federated(
  credentials: Record<string, FederatedCredential>,
): Promise<Record<string, readonly unknown[]>> {
  const program = await declare({ who: { kind: "Federated", location: "westeurope", credentials } });
  return Object.fromEntries(
    program
      .of("azure-native:managedidentity:FederatedIdentityCredential")
      .map(({ inputs }) => [
        String(inputs["federatedIdentityCredentialResourceName"]),
        [inputs["issuer"], inputs["subject"], inputs["audiences"]],
      ]),
  );
}

describe("TrackingAccess", () => {
  it("takes tokens by issuer and subject as each service writes them", async () => {
    const repository = "octo-org/octo-repo";
    const gitHub = "https://token.actions.githubusercontent.com";
    const audiences = ["api://AzureADTokenExchange"];
    const issuer = "https://oidc.example.com/id/1";
    expect(
      await federated({
        environment: { kind: "GitHubActions", repository, environment: "production" },
        branch: { kind: "GitHubActions", repository, branch: "release/1" },
        tag: { kind: "GitHubActions", repository: "octo-org@12/octo-repo@34", tag: "v1" },
        pull: { kind: "GitHubActions", repository, pullRequest: true },
        pipeline: {
          kind: "AzureDevOps",
          organizationId: guid("org"),
          organization: "contoso",
          project: "Risk models",
          serviceConnection: "mlflow",
        },
        cluster: { kind: "Kubernetes", issuer, namespace: "risk", serviceAccount: "trainer" },
        other: { kind: "Issuer", issuer, subject: "whoever", audience: "api://mine" },
      }),
    ).to.deep.equal({
      environment: [gitHub, "repo:octo-org/octo-repo:environment:production", audiences],
      branch: [gitHub, "repo:octo-org/octo-repo:ref:refs/heads/release/1", audiences],
      tag: [gitHub, "repo:octo-org@12/octo-repo@34:ref:refs/tags/v1", audiences],
      pull: [gitHub, "repo:octo-org/octo-repo:pull_request", audiences],
      pipeline: [
        `https://vstoken.dev.azure.com/${guid("org")}`,
        "sc://contoso/Risk models/mlflow",
        audiences,
      ],
      cluster: [issuer, "system:serviceaccount:risk:trainer", audiences],
      other: [issuer, "whoever", ["api://mine"]],
    });
  });

  it("writes an identity's credentials one after the other", async () => {
    const program = await declare({
      who: {
        kind: "Federated",
        location: "westeurope",
        credentials: {
          one: { kind: "GitHubActions", repository: "o/r", branch: "one" },
          two: { kind: "GitHubActions", repository: "o/r", branch: "two" },
        },
      },
    });
    const type = "azure-native:managedidentity:FederatedIdentityCredential";
    expect(program.named("outside-two").after).to.include(`${type}::outside-one`);
  });

  it("gives a role of its own on the workspace alone, whose name stays when the level changes", async () => {
    const who = { kind: "ManagedIdentity", id: IDENTITY_ID } as const;
    const [track, deploy] = [await declare({ who }), await declare({ who, level: "deploy" })];
    const [definition, other] = [track, deploy].map((program) => program.of(ROLE)[0]?.inputs);
    expect(definition?.["scope"]).to.equal(GROUP_ID);
    expect(definition?.["assignableScopes"]).to.deep.equal([GROUP_ID]);
    expect(other?.["roleDefinitionId"]).to.equal(definition?.["roleDefinitionId"]);
    expect(other?.["permissions"]).to.deep.equal([trackingPermission("deploy")]);
    const [assignment, ...rest] = track.of(ASSIGNMENT);
    expect(rest).to.deep.equal([]);
    expect(assignment?.inputs).to.include({
      scope: WORKSPACE_ID,
      principalId: guid("id-test"),
      principalType: "ServicePrincipal",
    });
    expect(assignment?.inputs["roleDefinitionId"]).to.match(
      new RegExp(`/${String(definition?.["roleDefinitionId"])}$`),
    );
  });

  it("says what to set, and keeps it secret where a secret is in it and only there", async () => {
    const outputs: pulumi.Output<Record<string, string>>[] = [];
    const who = { kind: "ServicePrincipal", objectId: guid("tracker"), clientId: guid("client") } as const;
    await runProgram(() => {
      for (const [name, each] of Object.entries({ open: who, closed: { ...who, clientSecret: "planted" } }))
        outputs.push(new TrackingAccess(name, { workspaceId: WORKSPACE_ID, who: each }).environment);
    });
    const [open, closed] = outputs.map(async (output) => ({
      secret: await pulumi.isSecret(output),
      value: await new Promise((resolve) => output.apply(resolve)),
    }));
    const variables = {
      MLFLOW_TRACKING_URI: TRACKING_URI,
      AZURE_TENANT_ID: guid("tenant"),
      AZURE_CLIENT_ID: guid("client"),
    };
    expect(await open).to.deep.equal({ secret: false, value: variables });
    expect(await closed).to.deep.equal({
      secret: true,
      value: { ...variables, AZURE_CLIENT_SECRET: "planted" },
    });
  });
});

describe("the levels of tracking", () => {
  const may = (level: (typeof trackingLevels)[number], action: string): boolean =>
    allows(
      [{ ...trackingPermission(level), dataActions: [], notDataActions: [] }],
      `Microsoft.MachineLearningServices/workspaces/${action}`,
    );

  for (const [action, ...expected] of [
    ["experiments/runs/write", true, true, true],
    ["metadata/artifacts/write", true, true, true],
    ["models/read", true, true, true],
    ["models/write", false, true, true],
    ["models/versions/write", false, true, true],
    ["onlineEndpoints/write", false, false, true],
    ["onlineEndpoints/deployments/write", false, false, true],
    ["onlineEndpoints/score/action", false, false, true],
    ["batchEndpoints/deployments/write", false, false, true],
    ["onlineEndpoints/listKeys/action", false, false, false],
    ["onlineEndpoints/regenerateKeys/action", false, false, false],
    ["batchEndpoints/listKeys/action", false, false, false],
    ["listKeys/action", false, false, false],
    ["datastores/listSecrets/action", false, false, false],
    ["connections/listSecrets/action", false, false, false],
    ["experiments/delete", false, false, false],
    ["models/delete", false, false, false],
    ["jobs/write", false, false, false],
    ["computes/write", false, false, false],
    ["write", false, false, false],
  ] as const)
    it(`${action}: ${expected.map((each, index) => `${trackingLevels[index]} ${each ? "yes" : "no"}`).join(", ")}`, () => {
      expect(trackingLevels.map((level) => may(level, action))).to.deep.equal(expected);
    });

  it("have scripts that hold nothing of a workspace, and register a model only where that is allowed", () => {
    for (const level of trackingLevels) {
      const { bash, python, r } = trackingScripts(level);
      expect([bash, python, r].join("\n")).to.not.contain(TENANT_ID).and.not.contain("/subscriptions/");
      expect(python.includes("register_model"), level).to.equal(level !== "track");
    }
  });
});
