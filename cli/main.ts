#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { arm } from "../providers/clients/arm";
import { say } from "../providers/inputs";
import type { Where } from "../providers/rollout/commands";
import { doctor, type DoctorOptions } from "./doctor/doctor";
import { drift, type DriftOptions } from "./drift/drift";
import { endpointIdOf, type EndpointOptions } from "./endpoint";
import { EXIT } from "./exit-codes";
import { previewReport, type PreviewReportOptions } from "./preview-report/preview-report";
import { LEVELS } from "../providers/preview/risk";
import { LIMITS } from "./view/preview-markdown";
import { explain } from "./explain";
import { abort } from "./rollout/abort";
import { advance } from "./rollout/advance";
import { history } from "./rollout/history";
import { promote } from "./rollout/promote";
import { rollback } from "./rollout/rollback";
import { status } from "./rollout/status";
import { watch } from "./rollout/watch";
import { whatserves } from "./whatserves";

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 paused, 4 not at its end yet: the same command goes on,
5 the generation is refused, or the service contradicts a link of whatserves, 7 something drifted,
6 a preview is as risky as --fail-on says.

It signs in as \`pulumi up\` does, by the environment alone: ARM_* (secret, certificate, OIDC, managed identity), then AZURE_*, a managed
identity, \`az login\`. Settings of a stack, azure-native:…, are not read: docs/sign-in.md has them all.`;

export const program = new Command("pulumi-azureml")
  .description("What `pulumi up` made, watched and steered from anywhere.")
  .helpCommand(false)
  .exitOverride()
  .addHelpText("after", EXIT_CODES);
const rollout = program
  .command("rollout")
  .description("a RollingDeployment's traffic")
  .helpCommand(false)
  .addHelpText("after", EXIT_CODES);

/** A command on an endpoint. */
function onEndpoint(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .argument("<endpoint>", "ARM id; or the name, with --workspace")
    .option("--workspace <id>", "ARM id of the endpoint's workspace");
}

/** Runs it, and ends with its exit code. */
async function ends(
  named: string,
  options: EndpointOptions,
  work: (where: Where) => Promise<number>,
): Promise<void> {
  process.exitCode = await work({ arm: arm(), endpointId: endpointIdOf(named, options), say });
}

function seconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("whole seconds, for instance 600");
  return Number(text);
}

function instances(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("1 to 99");
  return Number(text);
}

const MAX_HOLD = [
  "--max-hold <seconds>",
  "how long it holds steps at most; declared by default",
  seconds,
] as const;

onEndpoint(rollout, "status", "steps, weights, gate figures, deployments")
  .option("--json", "for scripts")
  .action((endpoint: string, options: EndpointOptions & { json?: boolean }) =>
    ends(endpoint, options, (where) => status(where, options)),
  );
onEndpoint(rollout, "watch", "follow it to its end, or to a pause").action(
  (endpoint: string, options: EndpointOptions) => ends(endpoint, options, watch),
);
onEndpoint(rollout, "history", "what happened, when, by whom, why")
  .option("--json", "for scripts")
  .option("--markdown", "a report with charts")
  .action((endpoint: string, options: EndpointOptions & { json?: boolean; markdown?: boolean }) =>
    ends(endpoint, options, (where) => history(where, options)),
  );
onEndpoint(rollout, "promote", "a paused generation goes on")
  .argument("<generation>", "the one that waits")
  .option(...MAX_HOLD)
  .action((endpoint: string, generation: string, options: EndpointOptions & { maxHold?: number }) =>
    ends(endpoint, options, (where) => promote(where, generation, options)),
  );
onEndpoint(rollout, "advance", "what is under way goes on")
  .option(...MAX_HOLD)
  .action((endpoint: string, options: EndpointOptions & { maxHold?: number }) =>
    ends(endpoint, options, (where) => advance(where, options)),
  );
onEndpoint(rollout, "abort", "the saved traffic comes back, the generation is refused")
  .argument("<generation>", "the one that is on its way")
  .option("--reason <text>", "for the history")
  .action((endpoint: string, generation: string, options: EndpointOptions & { reason?: string }) =>
    ends(endpoint, options, (where) => abort(where, generation, options)),
  );
onEndpoint(rollout, "rollback", "the generation that served before serves again, at once")
  .option("--reason <text>", "for the history")
  .action((endpoint: string, options: EndpointOptions & { reason?: string }) =>
    ends(endpoint, options, (where) => rollback(where, options)),
  );
onEndpoint(
  program,
  "whatserves",
  "traffic, deployment, model, run, commit, data, each asked for at the service",
)
  .option("--json", "for scripts")
  .action((endpoint: string, options: EndpointOptions & { json?: boolean }) =>
    ends(endpoint, options, (where) => whatserves(where, options)),
  );
program
  .command("drift")
  .description("what somebody else changed of a stack's resources, in words; changes nothing")
  .option("--stack <names...>", "stacks of the program; the selected one by default")
  .option("--cwd <folder>", "the program's; this one by default")
  .option("--config-file <file>", "the stack's, where it is not beside the others")
  .option("--from <files...>", "events of `pulumi refresh`, instead of running it (docs/pull-requests.md)")
  .option("--json", "for scripts")
  .option("--markdown", "for an issue")
  .action(async (options: DriftOptions) => {
    process.exitCode = await drift(options);
  });
program
  .command("doctor")
  .description("whether `pulumi up` finds what it needs, and what mends what is missing; changes nothing")
  .option("--workspace <id>", "ARM id; the stack's by default")
  .option("--stack <name>", "a stack of the program: its sign-in, workspace, machines and region")
  .option("--cwd <folder>", "the program's; this one by default")
  .option("--config-file <file>", "the stack's, where it is not beside the others")
  .option(
    "--name <kind=name...>",
    "names that are to be had: storageAccount=…, keyVault=…, containerRegistry=…",
  )
  .option("--instance-type <size>", "machines whose quota is looked at; the stack's by default")
  .option("--instances <number>", "how many of them", instances)
  .option("--location <region>", "where; the workspace's by default")
  .option("--json", "for scripts")
  .action(async (options: DoctorOptions) => {
    // A request that was given up would keep the process for its own time.
    process.exit(await doctor(options));
  });
program
  .command("preview-report")
  .description(
    "what `pulumi preview --json` of stacks will do, for a pull request: its users, risks, changes, policies",
  )
  .argument(
    "<previews...>",
    "FILE or STACK=FILE of each stack; - is standard input. With a stack's --event-log as a second file, policies too",
  )
  .addOption(new Option("--format <format>", "for whom").choices(["markdown", "json"]).default("markdown"))
  .addOption(
    new Option("--for <host>", "whose limit of a comment's length")
      .choices(Object.keys(LIMITS))
      .default("github"),
  )
  .addOption(new Option("--fail-on <level>", "exit code 6 where something is as risky").choices(LEVELS))
  .option("--out <file>", "instead of standard output")
  .option("--offline", "ask Azure nothing: expected versions and quota stay unknown")
  .action(async (previews: string[], options: PreviewReportOptions) => {
    process.exitCode = await previewReport(previews, options);
  });

// What the documentation tells is held to `program`, without running it.
if (require.main === module)
  program.parseAsync().catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = EXIT.failed;
  });
