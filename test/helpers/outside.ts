import { expect } from "chai";
import execa from "execa";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localPath } from "../../local/environment";
import type { JsonObject } from "../../local/json";
import type { AzureWorkspace } from "./azure-workspace";

export type Variables = Record<string, string>;

interface Run {
  readonly info: { readonly run_name: string; readonly status: string };
  readonly data: {
    readonly params: readonly { readonly key: string; readonly value: string }[];
    readonly metrics: readonly { readonly key: string; readonly value: number }[];
  };
}

/** A folder outside Azure ML with a way to it, and nobody's credentials. */
export class Outside {
  readonly folder: string;

  constructor(private readonly azure: AzureWorkspace) {
    this.folder = join(azure.paths.folder, "outside");
    mkdirSync(this.folder);
  }

  /** Address of a call of MLflow's REST API. */
  api(path: string): string {
    return `${this.azure.trackingUri.replace(/^azureml:/, "https:").replace("/v1.0/", "/v2.0/")}/api/2.0/mlflow/${path}`;
  }

  write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  async run(command: string, script: string, variables: Variables): Promise<execa.ExecaReturnValue> {
    return await execa(command, [this.write("script", script)], {
      cwd: this.folder,
      env: this.#environment(variables),
      extendEnv: false,
      reject: false,
    });
  }

  /** Id of the run that a script logged, its last word. The run is as the scripts of `TrackingAccess` log it. */
  async logs(name: string, command: string, script: string, variables: Variables): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(command, script, variables);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    const id = stdout.trim().split("\n").at(-1) ?? "";
    await this.expectLogged(id, name);
    return id;
  }

  async expectLogged(id: string, name: string): Promise<void> {
    const { status, text } = await this.azure.ask("GET", this.api(`runs/get?run_id=${id}`));
    expect(status, text).to.equal(200);
    const { info, data } = (JSON.parse(text) as { run: Run }).run;
    expect(info).to.include({ run_name: name, status: "FINISHED" });
    expect(data.params.map(({ key, value }) => [key, value])).to.deep.equal([["alpha", "0.5"]]);
    expect(data.metrics.map(({ key, value }) => [key, value])).to.deep.equal([["loss", 0.25]]);
  }

  /** What a script says that must fail. */
  async refused(command: string, script: string, variables: Variables): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(command, script, variables);
    expect(exitCode, stdout).to.not.equal(0);
    return `${stdout}\n${stderr}`;
  }

  /** One request by curl with somebody's token. */
  async ask(
    token: string,
    method: string,
    url: string,
    body?: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const sent = body === undefined ? [] : ["--data-binary", body];
    const { stdout } = await execa(
      "curl",
      ["-sS", "-w", "\n%{http_code}", "-X", method, "--config", "-", ...sent, url],
      {
        env: this.#environment({}),
        extendEnv: false,
        input: `header = "authorization: Bearer ${token}"\nheader = "content-type: application/json"\n`,
      },
    );
    const end = stdout.lastIndexOf("\n");
    return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
  }

  /** Status of a request to ARM. @param path below `management.azure.com` */
  async armStatus(token: string, method: string, path: string, body?: JsonObject): Promise<number> {
    const url = `https://management.azure.com${path}?api-version=2025-12-01`;
    return (await this.ask(token, method, url, body && JSON.stringify(body))).status;
  }

  #environment(variables: Variables): NodeJS.ProcessEnv {
    const without = /^(AZURE_|ARM_|MLFLOW_TRACKING|PULUMI_)/;
    return {
      ...Object.fromEntries(Object.entries(this.azure.environment).filter(([name]) => !without.test(name))),
      PATH: localPath(),
      HOME: this.folder,
      GIT_PYTHON_REFRESH: "quiet",
      ...variables,
    };
  }
}
