import { expect } from "chai";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "../../tools/build";
import { packageRoot } from "../../tools/paths";

describe("the build of dist/", () => {
  let root: string;
  const at = (...parts: string[]): string => join(root, ...parts);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pulumi-azureml-build-"));
    symlinkSync(join(packageRoot(), "node_modules"), at("node_modules"));
    write("package.json", "{}");
    write("tsconfig.json", readFileSync(join(packageRoot(), "tsconfig.json"), "utf8"));
    write("components/one.ts", "export const one: number = 1;\n");
    write(
      "local/deep/two.ts",
      'import { one } from "../../components/one";\nexport const two: number = one + 1;\n',
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("makes CommonJS of the same tree, with maps back to the sources", async () => {
    await build(root);
    const load = createRequire(at("package.json"));
    expect((load("./dist/local/deep/two.js") as { two: number }).two).to.equal(2);
    const map = JSON.parse(readFileSync(at("dist/local/deep/two.js.map"), "utf8")) as { sources: string[] };
    expect(map.sources).to.deep.equal(["../../../local/deep/two.ts"]);
  });

  it("gives the same digest and writes nothing when nothing changed", async () => {
    const first = await build(root);
    const written = statSync(at("dist/components/one.js")).mtimeMs;
    expect(await build(root)).to.equal(first);
    expect(statSync(at("dist/components/one.js")).mtimeMs).to.equal(written);
  });

  it("gives another digest for a changed source, and writes only what changed", async () => {
    const first = await build(root);
    const untouched = statSync(at("dist/local/deep/two.js")).mtimeMs;
    write("components/one.ts", "export const one: number = 5;\n");
    expect(await build(root)).not.to.equal(first);
    expect(readFileSync(at("dist/components/one.js"), "utf8")).to.include("5");
    expect(statSync(at("dist/local/deep/two.js")).mtimeMs).to.equal(untouched);
  });

  it("makes an output again that someone took away or cut short", async () => {
    await build(root);
    rmSync(at("dist/components/one.js"));
    writeFileSync(at("dist/local/deep/two.js"), "");
    await build(root);
    expect(existsSync(at("dist/components/one.js"))).to.equal(true);
    expect(readFileSync(at("dist/local/deep/two.js"), "utf8")).to.include("two");
  });

  it("takes outputs away whose source is gone, and leaves declarations of those that are there", async () => {
    await build(root);
    write("dist/components/one.d.ts", "export declare const one: number;\n");
    rmSync(at("local"), { recursive: true });
    await build(root);
    expect(existsSync(at("dist/local"))).to.equal(false);
    expect(existsSync(at("dist/components/one.d.ts"))).to.equal(true);
  });

  it("names the file and the line of a syntax error, and leaves the last build as it was", async () => {
    await build(root);
    write("components/one.ts", "export const one: number = ;\n");
    const error: Error = await build(root).then(
      () => new Error("built"),
      (thrown: Error) => thrown,
    );
    expect(error.message).to.include("components/one.ts:1:27");
    expect(readFileSync(at("dist/components/one.js"), "utf8")).to.include("1");
  });
});
