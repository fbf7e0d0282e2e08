import { changedKeys } from "../inputs";
import type { ModelVersionInputs } from "./types";

/** Whether a plan knows that the content stayed as it was. */
export function hasSameContent(olds: ModelVersionInputs, news: ModelVersionInputs): boolean {
  return (
    (news.digest !== undefined && news.digest === olds.digest) ||
    (news.address !== undefined && news.address === olds.address)
  );
}

/** What of the inputs makes another version; all of it where there was none. */
export function replacedBy(
  olds: Partial<ModelVersionInputs> | undefined,
  news: ModelVersionInputs,
): string[] {
  const was = { ...olds } as ModelVersionInputs;
  const moved = changedKeys<ModelVersionInputs>(was, news, [
    "workspaceId",
    "registryId",
    "server",
    "name",
    "type",
  ]);
  const content = news.digest === undefined ? "address" : "digest";
  return [...moved, ...(hasSameContent(was, news) ? [] : [content])];
}
