import { DEPLOYER } from "../../local/cloud";
import { exampleModelFolder } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";
import { ProgramStack } from "./program-stack";

/** The program with one served model, the example's, not yet up. @param rollout how it rolls forward; without it its deployment is a static one */
export async function rolloutStack(azure: LocalAzure, rollout?: object): Promise<ProgramStack> {
  return await ProgramStack.create(azure, "rollout", {
    deployer: DEPLOYER.objectId,
    model: exampleModelFolder,
    ...(rollout === undefined ? {} : { rollout }),
  });
}
