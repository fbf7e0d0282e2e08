/** Why a deployment could not be brought up; its message goes to whoever asked for it. */
export class DeploymentFailed extends Error {
  constructor(
    /** ARM's error code for the failed operation. */
    readonly code:
      | "BadArgument"
      | "ImageBuildFailure"
      | "ResourceNotFound"
      | "ResourceNotReady"
      | "OutOfCapacity"
      | "OutOfQuota",
    message: string,
  ) {
    super(message);
  }
}
