import { STORAGE_AUDIENCE } from "../../local/cloud";
import { deployer } from "../../local/identity/principals";
import type { FrontDoor } from "./front-door";

/** Single requests to the blob service, made with curl through the proxy. `account` is whom `blobs` and `signed` mean. */
export function blobRequests(azure: () => FrontDoor, account: string) {
  /** One request with curl: status and `x-ms-error-code`. */
  const ask = async (method: string, url: string, ...more: string[]): Promise<string> => {
    const { stdout, stderr } = await azure().run("curl", [
      ...["-sS", "-o", "/dev/null", "-w", "%{http_code} %header{x-ms-error-code}", "-X", method],
      ...["--path-as-is", ...more, url],
    ]);
    return stdout.trim() || stderr;
  };
  const blobs = (path: string, of = account): string => `https://${of}.blob.core.windows.net${path}`;
  const signed = (path: string, sas: string): string =>
    blobs(`${path}${path.includes("?") ? "&" : "?"}${sas}`);
  const bearer = async (audience = STORAGE_AUDIENCE, principal = deployer): Promise<string> =>
    `authorization: Bearer ${(await azure().identity.issueToken(audience, principal)).token}`;
  const newVersion = ["-H", "x-ms-version: 2023-11-03"];
  const put = ["-H", "x-ms-blob-type: BlockBlob", "-d", "y"];

  return { ask, blobs, signed, bearer, newVersion, put };
}
