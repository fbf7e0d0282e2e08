import { at, record } from "./plain";
import { isNamed } from "./related";
import type { Seen } from "./rule";

/**
 * Whether a diagnostic setting of the stack sends a resource's logs on.
 * @param category the logs asked for; without it any
 */
export function isLogged(target: Seen, resources: readonly Seen[], category?: string): boolean {
  const settings = resources.filter(({ kind }) => kind === "monitor:DiagnosticSetting");
  return isNamed(target, settings, "resourceUri", (setting) =>
    logsOf(setting).some(
      (log) => category === undefined || log["category"] === category || log["categoryGroup"] === "allLogs",
    )
      ? [at(setting.properties, "resourceUri")]
      : [],
  );
}

/** The logs that it sends. */
function logsOf({ properties }: Seen): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(record(at(properties, "logs")))
    .map(record)
    .filter((log) => log["enabled"] === true);
}
