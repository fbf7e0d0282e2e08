/** The headers of an answer. */
interface Headers {
  get(name: string): string | undefined;
}

/** Azure's, the first found names a request best; then what Databricks and others that run MLflow give. */
const NAMES = [
  "x-ms-correlation-request-id",
  "x-ms-request-id",
  "x-ms-client-request-id",
  "x-databricks-request-id",
  "x-request-id",
];

/** What support asks for, as the end of an error: ` (correlation id …)`; empty where the answer has none. */
export function correlationOf(headers: Headers | undefined): string {
  const id = NAMES.map((name) => headers?.get(name)).find((value) => value);
  // It is shown: another's server may have put anything into it.
  return id === undefined || !/^[\w.:-]{1,100}$/.test(id) ? "" : ` (correlation id ${id})`;
}
