import type { Service } from "../../providers/rollout/run";
import { Killed, type SimulatedEndpoint } from "./simulated-endpoint";

/** Where an action is cut off by a kill: it is never sent, its effect comes without the run, or its answer is lost. */
export const CUTS = ["before", "middle", "after"] as const;
export type Cut = (typeof CUTS)[number];

/**
 * The service for a run that is killed at one of its actions. What was asked for and has begun ends by itself, while the next run is at work already.
 *
 * @param next asked at every action: where it is cut off, if it is
 */
export function cutOff(
  endpoint: SimulatedEndpoint,
  service: Service,
  pending: (() => Promise<void>)[],
  next: () => Cut | undefined,
): Service {
  const settle = async (): Promise<void> => {
    for (const effect of pending.splice(0)) await effect();
  };
  const act = async <T>(effect: () => Promise<T>, begin: () => void = () => undefined): Promise<T> => {
    const cut = next();
    if (cut === "before") throw new Killed();
    if (cut === "middle") {
      begin();
      throw new Killed();
    }
    const answer = await effect();
    if (cut === "after") throw new Killed();
    return answer;
  };
  return {
    now: () => service.now(),
    observe: async () => await service.observe(),
    sleep: async (milliseconds) =>
      await act(async () => {
        await service.sleep(milliseconds);
        await settle();
      }),
    write: async (...all) =>
      await act(
        async () => await service.write(...all),
        // An endpoint that is being written refuses others: the next run sees it written.
        () => void endpoint.write(...all),
      ),
    deploy: async (generation, instances) =>
      await act(
        async () => await service.deploy(generation, instances),
        () => void endpoint.deployments.set(generation, { state: "changing", ours: true, instances }),
      ),
    remove: async (name) =>
      await act(
        async () => await service.remove(name),
        () => {
          endpoint.deployments.set(name, { state: "changing", ours: true });
          pending.push(async () => await service.remove(name));
        },
      ),
    scale: async (scaling) =>
      await act(
        async () => await service.scale(scaling),
        () => void pending.push(async () => void (await service.scale(scaling))),
      ),
    quota: async (instances) => await service.quota(instances),
    smoke: async (generation) => await act(async () => await service.smoke(generation)),
    judge: async (generation, serving) => await act(async () => await service.judge(generation, serving)),
    alias: async (generation, alias) => await act(async () => await service.alias(generation, alias)),
    measure: async (question) => await act(async () => await service.measure(question)),
    replay: async (generation, count) =>
      await act(
        async () => await service.replay(generation, count),
        () => void (endpoint.replayed += Math.ceil(count / 2)),
      ),
  };
}
