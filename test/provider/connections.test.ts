import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { CustomModelVersion } from "../../providers/models/resource";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { providerText, startDynamicProvider } from "../helpers/dynamic-provider";

const TYPE = "pulumi-nodejs:dynamic/pulumi-azureml:CustomModelVersion";
const FILES = 150;
/** As many files as are sent at once, and one each for sign-in, ARM and MLflow. */
const MOST_CONNECTIONS = 40;

describe("a proxy between the providers and Azure", () => {
  let azure: AzureWorkspace;
  let connections = 0;
  const counter = createServer((client) => {
    connections += 1;
    const proxy = new URL(String(azure.environment["HTTPS_PROXY"]));
    const onward = connect(Number(proxy.port), proxy.hostname);
    client.pipe(onward).pipe(client);
    client.on("error", () => onward.destroy());
    onward.on("error", () => client.destroy());
  });

  before(async () => {
    azure = await AzureWorkspace.open("connections");
    await azure.allowBlobs();
    counter.listen(0, "127.0.0.1");
    await once(counter, "listening");
  });
  after(async () => {
    counter.close();
    await azure.close();
  });

  it("is asked for a connection once, not for each of the requests", async () => {
    const path = join(azure.paths.folder, "model");
    mkdirSync(path);
    for (let index = 0; index < FILES; index += 1) writeFileSync(join(path, `part-${index}`), `${index}`);
    const address = `http://127.0.0.1:${(counter.address() as AddressInfo).port}`;
    const provider = await startDynamicProvider({
      ...azure.environment,
      HTTPS_PROXY: address,
      https_proxy: address,
    });
    try {
      const args = { name: "m", onDelete: "retain" };
      const __provider = String(await providerText(() => new CustomModelVersion("m", args)));
      const { inputs } = await provider.client.check(TYPE, "it", {
        ...args,
        path,
        workspaceId: azure.id,
        __provider,
      });
      const { outputs } = await provider.client.create(TYPE, "it", inputs);
      expect(outputs["version"]).to.equal("1");
    } finally {
      await provider.stop();
    }
    expect(connections).to.be.greaterThan(0).and.at.most(MOST_CONNECTIONS);
  });
});
