import type { JsonObject } from "../json";

/** What a vault refuses, in its own shape: `{error: {code, message, innererror?: {code}}}`. */
export class VaultError extends Error {
  readonly headers: Readonly<Record<string, string>>;
  private readonly inner: string | undefined;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    more: { readonly inner?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.headers = more.headers ?? {};
    this.inner = more.inner;
  }

  body(): JsonObject {
    const innererror = this.inner === undefined ? {} : { innererror: { code: this.inner } };
    return { error: { code: this.code, message: this.message, ...innererror } };
  }
}
