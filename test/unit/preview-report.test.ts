import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewReport, type PreviewReportOptions } from "../../cli/preview-report/preview-report";
import { ProviderError } from "../../providers/clients/errors";
import { readPreview } from "../../providers/preview/engine-json";
import { AZURE, digest, own, rolloutSteps, urnOf, type PreviewStep } from "../helpers/previews";

describe("the report of previews", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-report-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const report = async (
    previews: Readonly<Record<string, string>>,
    options: Partial<PreviewReportOptions> = {},
  ): Promise<{ readonly text: string; readonly exitCode: number }> => {
    const out = join(folder, "report");
    const files = Object.entries(previews).map(([stack, text]) => {
      writeFileSync(join(folder, `${stack}.json`), text);
      return `${stack}=${join(folder, `${stack}.json`)}`;
    });
    const exitCode = await previewReport(files, {
      format: "markdown",
      for: "github",
      offline: true,
      out,
      ...options,
    });
    return { text: readFileSync(out, "utf8"), exitCode };
  };
  const opened: PreviewStep = {
    op: "update",
    type: AZURE.storage,
    name: "data",
    old: { networkRuleSet: { defaultAction: "Deny" }, secret: "planted-one", tags: { a: "1" } },
    new: { networkRuleSet: { defaultAction: "Allow" }, secret: "planted-two", tags: { a: "<b>@team" } },
  };

  it("of several stacks begins with a table, and says of each what users notice, what is risky and what changes", async () => {
    const { text } = await report({ dev: digest(rolloutSteps()), prod: digest([opened]) });
    expect(text.split("\n")[0]).to.equal("<!-- pulumi-azureml preview-report -->");
    expect(text).to.contain("| `dev` | 0 | 1 | 1 | 0 | 7 | none | not told |");
    expect(text).to.contain("| `prod` | 0 | 1 | 0 | 0 | 7 | 🔴 high | not told |");
    const inOrder = [
      ...["### `dev`", "oe-credit", "1 changed", "### `prod`"],
      ...["🔴 high: storage", "1 changed", "defaultAction", "flowchart LR"],
    ];
    let at = 0;
    for (const words of inOrder) {
      at = text.indexOf(words, at);
      expect(at, words).to.be.greaterThan(0);
    }
  });

  it("shows no secret, and no markup of a value's own", async () => {
    const hidden = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "planted-three",
    };
    const { text } = await report({
      prod: digest([
        {
          ...opened,
          new: {
            ...opened.new,
            marked: hidden,
            url: "https://a.blob.core.windows.net/c?sv=1&sig=planted-four",
          },
        },
      ]),
    });
    expect(text).not.to.match(/planted-(one|two|three|four)/);
    expect(text).to.contain('`tags.a`: `"1"` → `"<b>@team"`');
  });

  it("ends with its own exit code where something is as risky as it may be", async () => {
    const exits = async (failOn: PreviewReportOptions["failOn"], step: PreviewStep): Promise<number> =>
      (await report({ dev: digest([step]) }, failOn === undefined ? {} : { failOn })).exitCode;
    expect(await exits("high", opened)).to.equal(6);
    expect(await exits(undefined, opened)).to.equal(0);
    const medium: PreviewStep = { op: "delete", type: AZURE.lock, old: {} };
    expect([
      await exits("high", medium),
      await exits("medium", medium),
      await exits("low", medium),
    ]).to.deep.equal([0, 6, 6]);
  });

  it("fits into a comment: it leaves out the least first, and says what", async () => {
    const many = Array.from({ length: 900 }, (_, at) => ({
      ...opened,
      name: `data-${at}`,
      old: { ...opened.old, description: "x".repeat(90) },
      new: { ...opened.old, description: "y".repeat(90) },
    }));
    const { text } = await report({ dev: digest([opened, ...many]) });
    expect(text.length).to.be.lessThan(65_001);
    expect(text).to.contain("🔴 high").and.to.contain("Left out for length: the graph, properties");
    const huge = Array.from({ length: 900 }, (_, at) => ({ ...opened, name: `data-${at}` }));
    const cut = (await report({ dev: digest(huge) })).text;
    expect(cut.length).to.be.lessThan(65_001);
    expect(cut.trimEnd()).to.match(/Cut here, for its length: the whole is in `--format json`\.\*\*$/);
  });

  it("draws what is touched without letting names into the drawing's language", async () => {
    const { text } = await report({
      dev: digest([
        { ...opened, name: 'a"]; click n0 "evil' },
        {
          op: "create",
          type: AZURE.container,
          name: "models",
          new: {},
          dependsOn: [urnOf(AZURE.storage, 'a"]; click n0 "evil')],
        },
      ]),
    });
    expect(text).to.contain('n0["StorageAccount<br/>a___ click n0 _evil"]:::update');
    expect(text).to.contain("n0 --> n1");
  });

  it("draws a component as a box around what is in it", async () => {
    const parent = `urn:pulumi:dev::credit::pulumi-azureml:index:MlflowStack$pulumi-azureml:index:Workspace::ml`;
    const stack = "urn:pulumi:dev::credit::pulumi:pulumi:Stack::credit-dev";
    const { text } = await report({
      dev: digest([
        { op: "create", type: "pulumi-azureml:index:Workspace", name: "ml", new: {}, custom: false },
        { ...opened, parent },
        { op: "create", type: AZURE.container, name: "models", new: {}, parent: stack },
      ]),
    });
    expect(text).to.contain(
      '  subgraph c0["Workspace ml"]\n    n0["StorageAccount<br/>data"]:::update\n  end\n',
    );
    expect(text).to.contain('\n  n2["BlobContainer<br/>models"]:::create');
  });

  it("is JSON for scripts, by a version of its own", async () => {
    const { text } = await report({ dev: digest(rolloutSteps()) }, { format: "json" });
    const { version, stacks } = JSON.parse(text) as { version: number; stacks: Record<string, unknown>[] };
    expect(version).to.equal(1);
    expect(stacks[0]).to.include({ stack: "dev", risk: null, same: 7, policies: null });
    expect(stacks[0]).to.have.nested.property("effects[0].sentence").that.contains("3f9c → a41d");
    expect(stacks[0]).to.have.nested.property("changes[1].properties[0].to", "known after up");
  });

  it("reads a preview's events as well, with what policies say", async () => {
    const urn = urnOf(AZURE.storage, "data");
    const state = (inputs: object): object => ({ type: AZURE.storage, urn, id: "", inputs, outputs: inputs });
    const lines = [
      { preludeEvent: { config: {} } },
      {
        resourcePreEvent: {
          metadata: {
            op: "update",
            urn,
            type: AZURE.storage,
            old: state(opened.old ?? {}),
            new: state(opened.new ?? {}),
          },
          planning: true,
        },
      },
      {
        policyEvent: {
          resourceUrn: urn,
          message: "The firewall lets everybody in.\n",
          policyName: "storage-firewall",
          policyPackName: "pulumi-azureml",
          enforcementLevel: "mandatory",
        },
      },
      { diagnosticEvent: { message: "a policy was violated", severity: "error" } },
    ].map((event) => JSON.stringify(event));
    const { text, exitCode } = await report({ dev: lines.join("\n") });
    expect(text).to.contain("- mandatory `storage-firewall` on `data`: The firewall lets everybody in.");
    expect(text).to.contain("| 🔴 high | 1 mandatory, 0 advisory |").and.to.contain("**The preview failed**");
    expect(exitCode).to.equal(1);
  });

  it("joins what a preview's document and its events tell of one stack", async () => {
    const urn = urnOf(own("Rollout"), "rollout");
    const event = {
      policyEvent: {
        resourceUrn: urn,
        message: "<{%reset%}>A deployment has machines to spare\ninstances: it has 1.<{%reset%}>\n",
        policyName: "instances",
        policyPackName: "pulumi-azureml",
        enforcementLevel: "advisory",
      },
    };
    const files = [join(folder, "document"), join(folder, "events")];
    writeFileSync(files[0] ?? "", digest(rolloutSteps()));
    writeFileSync(files[1] ?? "", `${JSON.stringify({ preludeEvent: {} })}\n${JSON.stringify(event)}\n`);
    const out = join(folder, "out");
    const options = { format: "markdown", for: "github", offline: true, out } as const;
    const both = files.map((file) => `dev=${file}`);
    expect(await previewReport(both, options)).to.equal(0);
    const text = readFileSync(out, "utf8");
    expect(text).to.contain("| `dev` | 0 | 1 | 1 | 0 | 7 | none | 0 mandatory, 1 advisory |");
    expect(text).to.contain(
      "- advisory `instances` on `rollout`: A deployment has machines to spare: it has 1.",
    );
    expect(text).to.contain("n0 --> n1");
    const twice = await previewReport([...both, `dev=${files[0]}`], options).catch((error: Error) => error);
    expect(twice).to.be.instanceOf(ProviderError).and.have.property("message").that.contains("stack dev");
  });

  it("of a preview that ended before it told anything says so, beside the others", async () => {
    const { text, exitCode } = await report({ dev: digest(rolloutSteps()), prod: "\n" });
    expect(exitCode).to.equal(1);
    expect(text).to.contain("### `dev`").and.to.contain("oe-credit");
    expect(text.slice(text.indexOf("### `prod`"))).to.contain(
      "**The preview failed**\n\n- the preview ended before it told anything",
    );
  });

  it("of a model that no rollout serves says that it is registered", async () => {
    const [model = expect.fail()] = rolloutSteps();
    const { text } = await report({ dev: digest([model]) });
    expect(text).to.contain(
      "model `credit`: 3f9c → a41d is registered (version unknown: Azure was not asked)",
    );
  });

  it("is refused of what is no preview, and of no file", async () => {
    const failure = async (text: string): Promise<string> =>
      await report({ dev: text }).then(
        () => expect.fail("taken"),
        (error: Error) => error.message,
      );
    expect(await failure("hello")).to.contain("is not what `pulumi preview --json` prints");
    expect(() => readPreview("[]", "x.json")).to.throw(ProviderError, "x.json");
    const gone = await previewReport([join(folder, "none.json")], {
      format: "json",
      for: "github",
      offline: true,
    }).catch((error: Error) => error.message);
    expect(gone).to.contain("there is no such file");
  });
});
