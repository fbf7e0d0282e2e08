import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

/** What each name of the package's entry loads when it is the only one that a program uses: paths in `dist`, or those of packages. */
const LOADED = `
require("@pulumi/pulumi");
const { join, relative, sep } = require("node:path");
const dist = join(process.cwd(), "dist") + sep;
const isOurs = (file) => file.startsWith(dist) || file.includes(join("@pulumi", "azure-native") + sep);
const entry = join(dist, "components", "index.js");
const loaded = {};
for (const name of Object.keys(require(entry))) {
  for (const file of Object.keys(require.cache)) if (isOurs(file)) delete require.cache[file];
  const before = new Set(Object.keys(require.cache));
  void require(entry)[name];
  loaded[name] = Object.keys(require.cache)
    .filter((file) => !before.has(file))
    .map((file) => (file.startsWith(dist) ? relative(dist, file) : file.split("node_modules" + sep).at(-1)));
}
require("./dist/stacks/settings");
const packages = Object.keys(require.cache).flatMap((file) => /node_modules\\/(@[^/]+\\/[^/]+|[^/]+)/.exec(file)?.[1] ?? []);
console.log(JSON.stringify({ loaded, packages: [...new Set(packages)] }));
`;

/** Components whose classes others are made of, or take rules and bodies from. */
const madeOf: Readonly<Record<string, readonly string[]>> = {
  MlflowProject: ["environment", "training-job"],
  Pipeline: ["environment"],
  RollingDeployment: ["online-deployment"],
  SweepJob: ["environment"],
  TrainingJob: ["environment"],
};

describe("a program that imports the components", () => {
  let packages: readonly string[];
  let loaded: Readonly<Record<string, readonly string[]>>;
  /** The file, without folder and ending, of each component. */
  let files: ReadonlyMap<string, string>;

  before(async () => {
    const { stdout } = await execa(process.execPath, ["-e", LOADED], { cwd: packageRoot() });
    ({ loaded, packages } = JSON.parse(stdout) as {
      loaded: Record<string, string[]>;
      packages: string[];
    });
    const entry = readFileSync(join(packageRoot(), "components", "index.ts"), "utf8");
    const lines = [...entry.matchAll(/^export \{([^}]*)\} from "\.\/([\w-]+)";$/gm)];
    files = new Map(
      lines.flatMap(([, names = "", file = ""]) =>
        [...names.matchAll(/(?<!type )\b[A-Z]\w+/g)].map(([name]) => [name, file] as const),
      ),
    );
  });

  it("loads Pulumi and none of Azure's clients, whose loading each preview would wait for", () => {
    expect(packages).to.include("@pulumi/pulumi");
    expect(packages.filter((name) => name.startsWith("@azure/"))).to.deep.equal([]);
  });

  it("loads of the package only what the components that it uses need, by the entry as well", () => {
    expect(loaded).to.include.keys(...files.keys());
    const components = new Set(files.values());
    components.delete("args");
    for (const [name, file] of files) {
      if (name === "MlflowStack") continue;
      const own = (loaded[name] ?? []).flatMap((path) => /^components\/([\w-]+)\.js$/.exec(path)?.[1] ?? []);
      expect(own, name).to.include(file);
      expect(own.filter((other) => other !== file && components.has(other)).sort(), name).to.deep.equal(
        madeOf[name] ?? [],
      );
    }
  });

  it("loads modules of azure-native, never its root, and nothing of it where a component declares nothing by it", () => {
    const native = (name: string): readonly string[] =>
      (loaded[name] ?? []).filter((path) => path.startsWith("@pulumi/azure-native/"));
    for (const name of files.keys())
      expect(native(name), name).to.not.include("@pulumi/azure-native/index.js");
    expect(native("Workspace")).to.include("@pulumi/azure-native/machinelearningservices/index.js");
    expect(native("RegisteredModel")).to.deep.equal([]);
  });
});
