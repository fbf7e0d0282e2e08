import { expect } from "chai";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { StoredResource } from "../../local/arm/store";
import { packageRoot } from "../../tools/paths";
import { LocalAzure, type Stack } from "../helpers/local-azure";

const folder = join(packageRoot(), "test", "upgrade");
/** The frozen stacks that are not of the package's own program, and their programs. */
const programs: Readonly<Record<string, string>> = {
  platform: join(packageRoot(), "test", "fixtures", "prod"),
};

/** What is lost, or has lost what is in it, when it is deleted. */
const holdsData =
  /^(azure-native:(resources:ResourceGroup|storage:|keyvault:|operationalinsights:Workspace|applicationinsights:Component|containerregistry:Registry|machinelearningservices:(Workspace|Datastore|Registry|\w+(Version|Container))$)|pulumi-nodejs:dynamic\/pulumi-azureml:(MlflowModel|Environment|DataAsset)$)/;

interface Step {
  readonly op: string;
  readonly urn: string;
}

const served = "azure-native:machinelearningservices:OnlineDeployment";
const rollout = "pulumi-nodejs:dynamic/pulumi-azureml:Rollout";

/** What a preview must not say of what holds data. */
const ends = new Set(["delete", "replace", "create-replacement", "delete-replaced"]);

for (const stackName of readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)) {
  describe(`the frozen stack ${stackName}`, () => {
    const azure = new LocalAzure();
    const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, stackName, file), "utf8")) as T;

    /** The stack, empty, and the file with what its secrets are encrypted with. */
    const newStack = async (): Promise<{ readonly stack: Stack; readonly saltFile: string }> => {
      const settings = read<Record<string, unknown>>("settings.json");
      const program = programs[stackName];
      return program === undefined
        ? {
            stack: await azure.stack(settings),
            saltFile: join(azure.paths.stacks, "Pulumi.local.yaml"),
          }
        : {
            stack: await azure.program(program, "prod", settings),
            saltFile: join(azure.paths.folder, "programs", "prod", "Pulumi.prod.yaml"),
          };
    };

    /** A file with the state, which a new backend takes when its secrets are said to be of that backend's passphrase. */
    const encryptedHere = (state: { readonly deployment: object }, saltFile: string): string => {
      const { encryptionsalt } = parse(readFileSync(saltFile, "utf8")) as { encryptionsalt: string };
      const secrets_providers = { type: "passphrase", state: { salt: encryptionsalt } };
      const file = join(azure.paths.folder, "state.json");
      writeFileSync(
        file,
        JSON.stringify({ ...state, deployment: { ...state.deployment, secrets_providers } }),
      );
      return file;
    };

    before(async () => {
      await azure.hold(...read<StoredResource[]>("azure.json"));
      await azure.start();
    });
    after(async () => {
      await azure.remove();
    });

    it("is taken on by the present program without a deletion or replacement of what holds data, and never without a model that serves", async () => {
      const { stack, saltFile } = await newStack();
      await stack.succeeds("stack", "import", "--file", encryptedHere(read("state.json"), saltFile));
      const plan = JSON.parse(await stack.succeeds("preview", "--json", "--show-sames")) as { steps: Step[] };
      const kept = plan.steps.filter(({ op }) => op === "same" || op === "update");
      expect(kept.length, "it is the same stack").to.be.greaterThan(10);
      const steps = plan.steps.map(({ op, urn }) => ({
        op,
        type: urn.split("::")[2]?.split("$").at(-1) ?? "",
        urn,
      }));
      const lost = steps.filter(({ op, type }) => ends.has(op) && holdsData.test(type));
      expect(lost.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ")}`)).to.deep.equal([]);
      const goes = steps.findIndex(({ op, type }) => op === "delete" && type === served);
      const comes = steps.findIndex(({ op, type }) => op === "create" && type === rollout);
      if (goes >= 0) expect(comes, "what serves instead is there before").to.be.within(0, goes);
    });
  });
}
