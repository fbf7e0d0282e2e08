import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { AccessToken, TokenCredential } from "@azure/identity";

export interface ScriptedAnswer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP client that gives these answers, one a request, and keeps what it was asked. */
export class ScriptedArm implements HttpClient {
  readonly requests: PipelineRequest[] = [];

  constructor(private readonly answers: ScriptedAnswer[]) {}

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    this.requests.push(request);
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`no answer left for ${request.method} ${request.url}`);
    return {
      request,
      status: answer.status,
      headers: createHttpHeaders({ "retry-after-ms": "1", ...answer.headers }),
      bodyAsText: answer.body === undefined ? "" : JSON.stringify(answer.body),
    };
  }

  /** `METHOD /path?query` of every request. */
  asked(): string[] {
    return this.requests.map(
      ({ method, url }) => `${method} ${url.replace("https://management.azure.com", "")}`,
    );
  }
}

export const TOKEN = "the-very-secret-token";

/** Signs in as nobody in particular. */
export const scriptedCredential: TokenCredential = {
  getToken: async (): Promise<AccessToken> => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
};
