import { expect } from "chai";
import execa from "execa";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientsPython, packageRoot, toolsFolder } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

const sources = join(packageRoot(), "test", "conformance", "java");
const CONDA = "name: java\ndependencies: [python=3.11]\n";
const PASSWORD = "changeit";

/** MLflow's Java client with what it stands on, from Maven Central; kept between runs. */
async function javaClient(): Promise<string> {
  const pom = join(sources, "pom.xml");
  const digest = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, 8);
  const folder = join(toolsFolder, `java-client-${digest}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}-${process.pid}`;
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  await execa("mvn", ["-q", "-B", "-f", pom, copy, `-DoutputDirectory=${making}`]);
  renameSync(making, folder);
  return folder;
}

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
    const store = join(azure.paths.folder, "trusted.p12");
    writeFileSync(hosts, `127.0.0.1 ${new URL(azure.trackingUri).hostname}\n`);
    const { authorityCertificate } = azure.paths;
    await execa("keytool", [
      ...["-importcert", "-noprompt", "-alias", "local", "-file", authorityCertificate],
      ...["-keystore", store, "-storetype", "PKCS12", "-storepass", PASSWORD],
    ]);
    const properties = { "jdk.net.hosts.file": hosts, "javax.net.ssl.trustStore": store };
    return Object.entries({ ...properties, "javax.net.ssl.trustStorePassword": PASSWORD })
      .map(([key, value]) => `-D${key}=${value}`)
      .join(" ");
  };

  it("logs metrics, parameters and tags to its run, and what it leaves in outputs becomes an artifact", async () => {
    const status = await client.call("submitted", {
      name: "java-1",
      // Java knows no azureml://; the port is this machine's.
      line: 'java Track.java "$(echo "$MLFLOW_TRACKING_URI" | sed "s#^azureml://\\([^/]*\\)#https://\\1$PORT#")"',
      folder: sources,
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
