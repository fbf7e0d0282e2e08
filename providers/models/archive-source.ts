import { createHash } from "node:crypto";
import { archiveKind } from "../assets/archive-kind";
import { inOrder } from "../assets/archives";
import type { LocalFile } from "../assets/files";
import { openStaging } from "../assets/staging";
import { unpackTar } from "../assets/tar";
import { readZip } from "../assets/zip";
import type { Download } from "../clients/download";
import { ProviderError } from "../clients/errors";
import { withoutSignature } from "./addresses";
import type { Clients } from "./clients";
import type { ModelSource } from "./source";

/** An archive by its HTTPS address. A plan asks the server alone whether it is another; its content is known once it is downloaded. */
export function archiveSource({ download }: Pick<Clients, "download">, url: string): ModelSource {
  const address = withoutSignature(url);
  let read: Promise<readonly LocalFile[]> | undefined;
  const downloaded = async (): Promise<readonly LocalFile[]> => {
    const { body } = await download(url);
    const files =
      archiveKind(address) === "zip" ? await unpackZip(address, body) : await unpackTar(address, body);
    return inOrder(address, files);
  };
  return {
    folderName: "model",
    async identify(within) {
      const { validator, body } = await download(url, within);
      body.destroy();
      if (validator === undefined)
        throw new ProviderError({
          what: "its server gives neither an ETag nor time and length, by which a plan sees that it changed",
          where: address,
          tryThis: "a copy of it on this machine, as `path`",
        });
      return { address: `${address}#${createHash("sha256").update(validator).digest("hex")}` };
    },
    files: async () => await (read ??= downloaded()),
    lineage: async () => ({ source: address }),
  };
}

/** What is in a zip stands at its end: all of it comes first, into a file without a name. */
async function unpackZip(address: string, body: Download["body"]): Promise<LocalFile[]> {
  const room = await openStaging();
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    await room.write(chunk, length);
    length += chunk.length;
  }
  return await readZip(address, { length, open: room.open });
}
