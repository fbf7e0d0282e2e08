import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

/** What Azure Storage refuses: status, `x-ms-error-code`, and its sentence. */
export class StorageError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Answers in the storage service's XML. */
export function sendStorageError(response: ServerResponse, error: StorageError, head: boolean): void {
  const requestId = randomUUID();
  const message = `${error.message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  const body = Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${error.code}</Code><Message>${escapeXml(message)}</Message></Error>`,
  );
  response.writeHead(error.status, {
    "content-type": "application/xml",
    "content-length": body.length,
    "x-ms-error-code": error.code,
    "x-ms-request-id": requestId,
    ...error.headers,
  });
  response.end(head ? undefined : body);
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
