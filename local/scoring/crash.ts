const LAST_LINES = 20;
const EXCEPTION =
  /^(?!azureml_inference_server_http\.)[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt)\b.*$/m;

/**
 * What a process's log says of its end: the exception that began it, and the last lines. Python prints a chain of exceptions
 * from the first to the last, and the inference server's own come after the model's.
 */
export function crashReport(log: string): string {
  const cause = EXCEPTION.exec(log)?.[0].trim();
  return `${cause === undefined ? "" : `${cause}\n`}Its log ends:\n${log.split("\n").slice(-LAST_LINES).join("\n")}`;
}
