import type { Json } from "../../json";
import { isObject } from "../values";

/** ARM refused, or an operation of it failed: Azure's own code and message. */
export class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Azure's error out of a body `{error: {code, message, details}}` or a status body of a long-running operation. */
export function armError(status: number, body: Json | undefined, what: string): ArmError {
  const holder = isObject(body) ? body : {};
  const error = isObject(holder["error"]) ? holder["error"] : holder;
  const code = typeof error["code"] === "string" ? error["code"] : `HTTP ${status}`;
  const details = Array.isArray(error["details"])
    ? error["details"].flatMap((detail) =>
        isObject(detail) && typeof detail["message"] === "string"
          ? [`${text(detail["code"])}: ${detail["message"]}`]
          : [],
      )
    : [];
  const message = typeof error["message"] === "string" ? error["message"] : "Azure gave no reason.";
  return new ArmError(
    status,
    code,
    [`${what}: Code="${code}" Message="${message}"`, ...details].join("\n  "),
  );
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
