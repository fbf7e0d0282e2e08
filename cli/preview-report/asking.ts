import { ML_API_VERSION, type Arm } from "../../providers/clients/arm";
import { workspaceIdOf } from "../../providers/clients/arm-id";
import type { Asked, EndpointEffect, NewVersion } from "../../providers/preview/effects";
import { shortage } from "../../providers/quota/quota";
import { readQuota } from "../../providers/quota/read";

/** Milliseconds that Azure has to answer one question: the report waits for nobody. */
const PATIENCE = 20_000;

/** Asks Azure what a preview can't know. What can't be asked stays open. */
export interface Asking {
  ofEffect(effect: EndpointEffect): Promise<Asked>;
  ofVersion(version: NewVersion): Promise<Asked>;
}

export const askNobody: Asking = {
  ofEffect: () => Promise.resolve({}),
  ofVersion: () => Promise.resolve({}),
};

export function askAzure(arm: Arm): Asking {
  const ofVersion = async (version: NewVersion | undefined): Promise<Asked> => {
    const expected = version === undefined ? undefined : await inTime(nextVersion(arm, version));
    return typeof expected === "number" ? { expected } : {};
  };
  return {
    ofVersion,
    async ofEffect(effect) {
      const [version, quota] = await Promise.all([ofVersion(effect.version), quotaOf(arm, effect)]);
      return { ...version, ...(quota === undefined ? {} : { quota }) };
    },
  };
}

async function nextVersion(arm: Arm, { workspaceId, model }: NewVersion): Promise<number | undefined> {
  if (workspaceId === undefined) return undefined;
  const versions = await arm.list<{ readonly name: string }>(`${workspaceId}/models/${model}/versions`, {
    apiVersion: ML_API_VERSION,
    // Numbers of versions in the archive are taken, too.
    query: { listViewType: "All" },
  });
  return Math.max(0, ...versions.map(({ name }) => Number(name)).filter(Number.isInteger)) + 1;
}

async function quotaOf(arm: Arm, { endpointId, machines }: EndpointEffect): Promise<string | undefined> {
  if (endpointId === undefined || machines === undefined) return undefined;
  const workspaceId = workspaceIdOf(endpointId);
  const read = await inTime(readQuota(arm, workspaceId, machines.location));
  if (read instanceof Error) return `quota unknown: ${firstLine(read)}`;
  const size = read?.sizes.find(({ name }) => name.toLowerCase() === machines.type.toLowerCase());
  if (read === undefined || size === undefined)
    return `quota unknown: Azure does not know ${machines.type} there`;
  const short = shortage({ workspaceId, size, instances: machines.instances }, read.usages);
  return short === undefined ? "quota has room" : `**quota is short**: ${short}`;
}

/** What came of it, or the error; an error, too, where it took too long. */
async function inTime<T>(work: Promise<T>): Promise<T | Error> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    return error as Error;
  } finally {
    clearTimeout(timer);
  }
}

function firstLine({ message }: Error): string {
  return (message.split("\n")[0] ?? "").slice(0, 200);
}
