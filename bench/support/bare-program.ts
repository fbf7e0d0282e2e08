import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

interface ExportedResource {
  readonly type: string;
  readonly urn: string;
  readonly custom?: boolean;
  readonly inputs?: object;
}

/**
 * Writes a Pulumi program into `folder` that declares the exported stack's azure-native resources and nothing else: each with the
 * inputs that it has there, as constants. What a stack costs beyond that is the cost of its components.
 * @param exported `pulumi stack export`
 * @returns how many resources it declares
 */
export function writeBareProgram(folder: string, exported: string): number {
  const { deployment } = JSON.parse(exported) as { deployment: { resources: ExportedResource[] } };
  const resources = deployment.resources.filter(
    ({ type, custom }) => custom === true && type.startsWith("azure-native:"),
  );
  const modules = [...new Set(resources.map(({ type }) => moduleOf(type)))];
  const lines = [
    ...modules.map((module) => `import * as ${module} from "@pulumi/azure-native/${module}";`),
    ...resources.map(
      ({ type, urn, inputs }) =>
        `new ${moduleOf(type)}.${type.split(":")[2]}(${JSON.stringify(urn.split("::").at(-1))}, ${JSON.stringify(inputs)} as any);`,
    ),
  ];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.ts"), lines.join("\n"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bare", main: "index.ts" }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: bare\nruntime: nodejs\n");
  const compilerOptions = {
    strict: true,
    target: "ES2022",
    module: "Node16",
    moduleResolution: "Node16",
    skipLibCheck: true,
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, "ts-node": { transpileOnly: true } }),
  );
  symlinkSync(join(packageRoot(), "node_modules"), join(folder, "node_modules"));
  return resources.length;
}

function moduleOf(type: string): string {
  return type.split(":")[1] ?? "";
}
