import { isLoopback } from "./mlflow-server";

/** Plain HTTP does for this machine alone. */
export function isWebhookUrl(text: unknown): boolean {
  if (typeof text !== "string" || !URL.canParse(text)) return false;
  const { protocol, username } = new URL(text);
  return username === "" && (protocol === "https:" || (protocol === "http:" && isLoopback(text)));
}
