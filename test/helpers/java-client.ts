import execa from "execa";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { packageRoot, toolsFolder } from "../../tools/paths";

export const javaSources = join(packageRoot(), "test", "conformance", "java");

/** The folder of MLflow's Java client with what it stands on, from Maven Central; kept between runs. */
export async function javaClient(): Promise<string> {
  const pom = join(javaSources, "pom.xml");
  const digest = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, 8);
  const folder = join(toolsFolder, `java-client-${digest}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}-${process.pid}`;
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  await execa("mvn", ["-q", "-B", "-f", pom, copy, `-DoutputDirectory=${making}`]);
  if (!existsSync(folder)) renameSync(making, folder);
  return folder;
}
