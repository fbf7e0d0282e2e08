import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { trustStore } from "../../local/commands/trust-store";
import { clientsPython } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";
import { javaClient, javaSources } from "../helpers/java-client";

const CONDA = "name: java\ndependencies: [python=3.11]\n";

describe("a job in Java, with MLflow's own Java client", function () {
  this.timeout(300_000);
  let azure: AzureWorkspace;
  let client: ClientProcess;
  let jars: string;

  before(async () => {
    jars = await javaClient();
    azure = await AzureWorkspace.open("java");
    const [, , subscription = "", , group = "", , , , name = ""] = azure.id.split("/");
    const script = ["job_runs.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, azure.environment, azure.paths.folder);
  });
  after(async () => {
    await client?.close();
    await azure?.close();
  });

  /** The client reads no proxy settings, so that on this machine it finds the door by a file of hosts and a port, and trusts it by a store of keys of Java's own. */
  const options = async (): Promise<string> => {
    const hosts = join(azure.paths.folder, "hosts");
    writeFileSync(hosts, `127.0.0.1 ${new URL(azure.trackingUri).hostname}\n`);
    const store = (await trustStore(azure.paths)) ?? expect.fail("there is no keytool");
    const properties = { "jdk.net.hosts.file": hosts, "javax.net.ssl.trustStore": store.file };
    return Object.entries({ ...properties, "javax.net.ssl.trustStorePassword": store.password })
      .map(([key, value]) => `-D${key}=${value}`)
      .join(" ");
  };

  it("logs metrics, parameters and tags to its run, and what it leaves in outputs becomes an artifact", async () => {
    const status = await client.call("submitted", {
      name: "java-1",
      // Java knows no azureml://; the port is this machine's.
      line: 'java Track.java "$(echo "$MLFLOW_TRACKING_URI" | sed "s#^azureml://\\([^/]*\\)#https://\\1$PORT#")"',
      folder: javaSources,
      conda: CONDA,
      inputs: {},
      variables: {
        CLASSPATH: `${jars}/*`,
        JAVA_TOOL_OPTIONS: await options(),
        PORT: `:${azure.doorPort}`,
      },
    });
    expect(status).to.equal("Completed");
    expect(await client.call("told", { run_id: "java-1" })).to.deep.include({
      status: "FINISHED",
      metrics: { loss: [1, 1 / 2, 1 / 3] },
      params: { language: "java" },
      tags: { team: "risk" },
    });
    expect(await client.call("text", { run_id: "java-1", path: "outputs/report.txt" })).to.equal("from java");
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await azure.violations()).to.deep.equal([]);
  });
});
