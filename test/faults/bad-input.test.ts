import { expect } from "chai";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { exampleModelFolder } from "../../tools/paths";

const STACK_TRACE = /^\s+at .+:\d+:\d+/m;

describe("bad input", () => {
  const azure = new LocalAzure();
  let stack: Stack;

  before(async () => {
    await azure.start();
    stack = await azure.stack();
  });
  after(async () => await azure.remove());

  /** What `pulumi preview` says of a stack that can't be made. */
  async function refusal(): Promise<string> {
    const { exitCode, stdout, stderr } = await stack.pulumi("preview");
    const said = `${stdout}\n${stderr}`;
    expect(exitCode, said).not.to.equal(0);
    expect(said).not.to.match(STACK_TRACE);
    return said;
  }

  it("several wrong settings: all are told at once, each with key, value and what is allowed", async () => {
    const good = { location: "westeurope", instances: 1, onDelete: "purge" };
    stack.set("pulumi-azureml:location", "West Europe!");
    stack.set("pulumi-azureml:instances", 0);
    stack.set("pulumi-azureml:onDelete", "keep");
    stack.set("pulumi-azureml:modelNmae", "churn");
    const said = await refusal();
    expect(said).to.match(/pulumi-azureml:location is "West Europe!": .*westeurope/);
    expect(said).to.match(/pulumi-azureml:instances is 0: .*1.*50/);
    expect(said).to.match(/pulumi-azureml:onDelete is "keep": .*softDelete.*purge/);
    expect(said).to.include("pulumi-azureml:modelNmae");
    for (const [key, value] of Object.entries(good)) stack.set(`pulumi-azureml:${key}`, value);
    stack.unset("pulumi-azureml:modelNmae");
  });

  describe("a model folder", () => {
    const folder = join(azure.paths.folder, "model");
    const file = (name: string): string => join(folder, name);
    const edit = (name: string, from: string | RegExp, to: string): void => {
      const text = readFileSync(file(name), "utf8");
      expect(text).to.match(from instanceof RegExp ? from : new RegExp(from));
      writeFileSync(file(name), text.replace(from, to));
    };

    beforeEach(() => {
      rmSync(folder, { recursive: true, force: true });
      cpSync(exampleModelFolder, folder, { recursive: true });
      stack.set("pulumi-azureml:modelPath", folder);
    });
    after(() => stack.unset("pulumi-azureml:modelPath"));

    const faults: [string, () => void, RegExp][] = [
      ["that is not there", () => rmSync(folder, { recursive: true }), /there is no such file or folder/],
      ["without MLmodel", () => rmSync(file("MLmodel")), /MLmodel/],
      [
        "without the python_function flavor",
        () => edit("MLmodel", /python_function/g, "r_function"),
        /python_function/,
      ],
      ["of MLflow 3", () => edit("MLmodel", /mlflow_version: .*/, "mlflow_version: 3.1.0"), /MLflow.*(2|3)/],
    ];
    for (const [fault, make, expected] of faults) {
      it(`${fault}: the error names it`, async () => {
        make();
        const said = await refusal();
        expect(said).to.match(expected);
        // Told from where the program is, where that is shorter.
        expect(said).to.include(join(basename(azure.paths.folder), "model"));
      });
    }
  });

  it("a model folder without azureml-ai-monitoring among its requirements: a warning says what will fail", async () => {
    const folder = join(azure.paths.folder, "unmonitored");
    cpSync(exampleModelFolder, folder, { recursive: true });
    for (const name of ["requirements.txt", "conda.yaml"]) {
      const text = readFileSync(join(folder, name), "utf8");
      writeFileSync(join(folder, name), text.replace(/.*azureml-ai-monitoring.*\n?/g, ""));
    }
    stack.set("pulumi-azureml:modelPath", folder);
    const said = await stack.succeeds("preview");
    expect(said).to.match(/warning: .*unmonitored: .*azureml-ai-monitoring/);
    stack.unset("pulumi-azureml:modelPath");
  });

  it("an environment that does not exist: the error names its file", async () => {
    const { exitCode, stderr } = await azure.command("preview", "nope");
    expect(exitCode).to.equal(1);
    expect(stderr).to.include('There is no stack "nope": stacks/Pulumi.nope.yaml is missing.');
    expect(stderr).not.to.match(STACK_TRACE);
  });

  describe("secrets.json", () => {
    let good: string;
    before(() => {
      good = readFileSync(azure.paths.secrets, "utf8");
    });
    afterEach(() => writeFileSync(azure.paths.secrets, good));

    const faults: [string, (secrets: Record<string, string>) => string, RegExp][] = [
      ["cut short", (secrets) => JSON.stringify(secrets).slice(0, 20), /secrets\.json is damaged/],
      [
        "without the passphrase",
        (secrets) => JSON.stringify({ ...secrets, passphrase: undefined }),
        /secrets\.json is damaged \(passphrase missing\)/,
      ],
      [
        "with another passphrase",
        (secrets) => JSON.stringify({ ...secrets, passphrase: "another" }),
        /The passphrase in .*secrets\.json is not the one/,
      ],
    ];
    for (const [fault, make, expected] of faults) {
      it(`${fault}: the error names the file and the way out`, async () => {
        writeFileSync(azure.paths.secrets, make(JSON.parse(good) as Record<string, string>));
        const { exitCode, stderr } = await azure.command();
        expect(exitCode).to.equal(1);
        expect(stderr).to.match(expected).and.include("Put the file back").and.not.match(STACK_TRACE);
      });
    }
  });

  it("the user's own PULUMI_CONFIG_PASSPHRASE is not asked, and the next good run works", async () => {
    const before = process.env["PULUMI_CONFIG_PASSPHRASE"];
    process.env["PULUMI_CONFIG_PASSPHRASE"] = "the user's own";
    try {
      const { exitCode, stdout, stderr } = await azure.command("preview", "local");
      expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    } finally {
      if (before === undefined) delete process.env["PULUMI_CONFIG_PASSPHRASE"];
      else process.env["PULUMI_CONFIG_PASSPHRASE"] = before;
    }
    await stack.succeeds("preview");
  });
});
