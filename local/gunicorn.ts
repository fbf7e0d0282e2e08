import { join } from "node:path";
import { packageRoot } from "../tools/paths";

/** What gunicorn serves, and how. */
export interface Served {
  readonly python: string;
  /** A file `local/FOLDER/MODULE.py` that has the application as `app`; what is in `local/python` it can import, too. */
  readonly folder: string;
  readonly module: string;
  /** `unix:PATH` or `HOST:PORT`. */
  readonly bind: string;
  readonly timeoutSeconds: number;
  readonly settings?: readonly string[];
}

/** The command of gunicorn with one worker. */
export function gunicorn({ python, folder, module, bind, timeoutSeconds, settings = [] }: Served): string[] {
  return [
    ...[python, "-m", "gunicorn"],
    ...["--bind", bind],
    ...["--workers", "1"],
    ...settings,
    ...["--timeout", String(timeoutSeconds)],
    ...["--pythonpath", [folder, "python"].map((own) => join(packageRoot(), "local", own)).join()],
    `${module}:app`,
  ];
}
