/** How far a step is, as far as the others care. */
export type StepProgress = "waiting" | "running" | "completed" | "failed" | "canceled";

export interface Progress {
  readonly needs: readonly string[];
  readonly progress: StepProgress;
}

/** What is to happen with the steps of a pipeline now. */
export interface NextSteps {
  readonly begin: readonly string[];
  /** They never run. */
  readonly drop: readonly string[];
  /** They are to be ended. */
  readonly stop: readonly string[];
}

/**
 * What follows from how far the steps are. A step begins when all that it needs has completed; where one has failed, what needs it is dropped, and
 * without `continueOnStepFailure` all that has not ended.
 */
export function nextSteps(
  steps: Readonly<Record<string, Progress>>,
  { continueOnStepFailure }: { readonly continueOnStepFailure: boolean },
): NextSteps {
  const names = Object.keys(steps);
  const of = (wanted: StepProgress): string[] => names.filter((name) => steps[name]?.progress === wanted);
  const lost = new Set([...of("failed"), ...of("canceled")]);
  if (lost.size > 0 && !continueOnStepFailure) return { begin: [], drop: of("waiting"), stop: of("running") };
  const drop: string[] = [];
  for (let found = true; found;) {
    found = false;
    for (const name of of("waiting"))
      if (!lost.has(name) && (steps[name]?.needs ?? []).some((need) => lost.has(need))) {
        lost.add(name);
        drop.push(name);
        found = true;
      }
  }
  const begin = of("waiting").filter(
    (name) =>
      !lost.has(name) && (steps[name]?.needs ?? []).every((need) => steps[need]?.progress === "completed"),
  );
  return { begin, drop, stop: [] };
}

/**
 * The steps so that each comes after all that it needs.
 *
 * @returns the names of those that wait for one another in a circle, where there are such
 */
export function inOrder(needs: Readonly<Record<string, readonly string[]>>): {
  readonly order: readonly string[];
  readonly circle: readonly string[];
} {
  const order: string[] = [];
  let left = Object.keys(needs);
  for (;;) {
    const ready = left.filter((name) => (needs[name] ?? []).every((need) => order.includes(need)));
    if (ready.length === 0) return { order, circle: left };
    order.push(...ready);
    left = left.filter((name) => !ready.includes(name));
  }
}
