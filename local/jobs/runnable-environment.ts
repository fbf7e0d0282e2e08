import { badArgument } from "../arm/errors";
import type { Environment } from "../environments/environment";

/** @throws ArmError (400) for an environment that this machine can't have */
export function checkRuns({ id, image, condaFile, build }: Environment): void {
  if (condaFile !== undefined) return;
  const what = build ? "is built by Docker" : `is the image ${image ?? ""} without a conda file`;
  throw badArgument(
    `The environment ${id} ${what}, and the local Azure has no containers: give the environment a conda file.`,
    "properties.environmentId",
  );
}
