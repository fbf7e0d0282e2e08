import { Command } from "commander";
import { destroy } from "./commands/destroy";
import { down } from "./commands/down";
import { env, type EnvOptions } from "./commands/env";
import { exec, type ExecOptions } from "./commands/exec";
import { logs } from "./commands/logs";
import { preview } from "./commands/preview";
import { servicePrincipal, type ServicePrincipalOptions } from "./commands/service-principal";
import { showStatus } from "./commands/status";
import { up } from "./commands/up";
import { faults } from "./commands/faults";
import { explain } from "./explain";
import { statePaths } from "./state";

const paths = statePaths();
const ends = (work: Promise<number> | number): Promise<void> =>
  Promise.resolve(work).then((code) => {
    process.exitCode = code;
  });

export const program = new Command("npm run local --")
  .description("Azure on this machine: `pulumi up` of stack local, and what goes with it.")
  .helpCommand(false)
  .enablePositionalOptions()
  .action(() => ends(up(paths)));
program
  .command("status")
  .description("whether it runs, and what it holds")
  .action(() => ends(showStatus(paths)));
program
  .command("env")
  .option("--endpoints", "by its own addresses, for clients that take no proxy")
  .description("print what a shell must export to use it")
  .action((options: EnvOptions) => ends(env(paths, options)));
program
  .command("exec")
  .argument("<command...>", "what to run, with its arguments")
  .option(
    "--compute <name>",
    "as if on this compute instance, which has to run: a shell with tracking set up",
  )
  .option("--endpoints", "by its own addresses, for clients that take no proxy")
  .description("run one command that uses it in place of Azure")
  .passThroughOptions()
  .action((command: string[], options: ExecOptions) => ends(exec(paths, command, options)));
program
  .command("preview")
  .argument("[stack]", "an environment of stacks/", "local")
  .description("show what `pulumi up` would do; changes nothing")
  .action((stack: string) => ends(preview(paths, stack)));
program
  .command("down")
  .description("end every process; what it holds stays")
  .action(() => ends(down(paths)));
program
  .command("destroy")
  .description("take away what stack local made")
  .action(() => ends(destroy(paths)));
program
  .command("faults")
  .argument("[faults]", "what is to go wrong from now on, as JSON; {} for nothing")
  .description("show or set what goes wrong on purpose")
  .action((wanted?: string) => ends(faults(paths, wanted)));
program
  .command("service-principal")
  .argument("<name>", "what it is called here")
  .option("--certificate <file>", "it signs in by this certificate (PEM, RSA) instead of a secret")
  .option("--rotate", "a new secret; the old one ends")
  .option("--delete", "take it away; its tokens end")
  .description("register another service principal, and print what a shell must export to sign in as it")
  .action((name: string, options: ServicePrincipalOptions) => ends(servicePrincipal(paths, name, options)));
program
  .command("logs")
  .argument("[part]", "a part of the log's name")
  .description("print the end of each part's log")
  .action((part?: string) => ends(logs(paths, part)));

// What the documentation tells is held to `program`, without running it.
if (require.main === module)
  program.parseAsync().catch((error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  });
