/** Why a batch job ends Failed; its message goes to whoever started it. */
export class JobFailed extends Error {
  /** @param code `UserError` where data, model or script are at fault */
  constructor(
    readonly code: "UserError" | "SystemError",
    message: string,
  ) {
    super(message);
  }
}

/** What Python says last, without its trace. */
export function lastLine(trace: string): string {
  return trace.trimEnd().split("\n").at(-1) ?? "";
}
