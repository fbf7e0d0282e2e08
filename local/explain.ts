import { UserError } from "./user-error";

const causes: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, then run the same command again",
  EDQUOT: "The disk quota is used up: free some space, then run the same command again",
  EFBIG:
    "A file may not grow any more (a limit of this shell or file system): lift it, then run the same command again",
  EROFS: "The file system is read-only: make it writable, or name another folder in PULUMI_AZUREML_LOCAL",
  EACCES: "Permission is denied: make it this user's own, or name another folder in PULUMI_AZUREML_LOCAL",
  EPERM: "Permission is denied: make it this user's own, or name another folder in PULUMI_AZUREML_LOCAL",
};

/** The error for the person at the keyboard: one line where the machine is the reason, the whole stack where this program is. */
export function explain(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  const [, cause] =
    Object.entries(causes).find(([name]) => code === name || message.includes(name)) ??
    (/no space left on device/i.test(message) ? ["", causes["ENOSPC"]] : []);
  if (cause === undefined) return stack ?? message;
  return `${cause} (${path ?? message}).`;
}
