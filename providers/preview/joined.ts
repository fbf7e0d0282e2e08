import { ProviderError } from "../clients/errors";
import type { Preview } from "./engine-json";

/**
 * What is known of one stack's preview that was told in several files: the JSON document tells what depends on what, the events what policies say. A file that
 * tells nothing says that the preview failed, and takes nothing from the other. Pure.
 *
 * @param stack for the error
 * @throws ProviderError where two files tell the same
 */
export function joined(told: readonly Preview[], stack: string): Preview {
  const telling = told.filter(({ changes }) => changes.length > 0);
  const documents = telling.filter(({ policies }) => policies === undefined);
  const events = told.filter(({ policies }) => policies !== undefined);
  if (documents.length > 1 || events.length > 1)
    throw new ProviderError({
      what: `two files tell the same of stack ${stack}`,
      where: "the previews",
      tryThis: "for each stack one of `pulumi preview --json`, and one of its --event-log if there is one",
    });
  const [base = { stack, changes: [], same: 0, notes: [], warnings: [], errors: [] }] = [
    ...documents,
    ...telling,
    ...events,
    ...told,
  ];
  const errors = [base, ...told].map((each) => each.errors).find((each) => each.length > 0) ?? [];
  const policies = events[0]?.policies;
  return { ...base, errors, ...(policies === undefined ? {} : { policies }) };
}
