import { expect } from "chai";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store, StoredResource } from "../../local/arm/store";
import type { JsonObject } from "../../local/json";
import { nextTime } from "../../local/schedules/next-time";
import { createScheduler, scheduleInternal } from "../../local/schedules/scheduler";
import { principal, WORKSPACE } from "./arm-harness";

const at = (text: string): number => Date.parse(`${text}Z`);
const cron = (expression: string, more: JsonObject = {}): JsonObject => ({
  ...{ triggerType: "Cron", expression, timeZone: "UTC" },
  ...more,
});
const each = (
  frequency: string,
  interval: number,
  schedule: JsonObject = {},
  more: JsonObject = {},
): JsonObject => ({
  ...{ triggerType: "Recurrence", frequency, interval, schedule },
  ...more,
});
const since = at("2026-01-01T00:00:00"); // A Thursday.
const next = (trigger: JsonObject, after: string): string | undefined => {
  const time = nextTime(trigger, since, at(after));
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
};

describe("the next time of a schedule", () => {
  it("is what cron says", () => {
    expect(next(cron("0 6 * * *"), "2026-01-05T06:00:00")).to.equal("2026-01-06T06:00");
    expect(next(cron("15,45 8-9 * * 1-5"), "2026-01-02T09:45:00")).to.equal("2026-01-05T08:15");
    expect(next(cron("*/20 * * * *"), "2026-01-05T06:41:00")).to.equal("2026-01-05T07:00");
    expect(next(cron("0 0 29 2 *"), "2026-01-05T00:00:00")).to.equal("2028-02-29T00:00");
    expect(next(cron("0 0 31 2 *"), "2026-01-05T00:00:00")).to.equal(undefined);
  });

  it("is each so many days, weeks or months, at hours and minutes", () => {
    const times = { hours: [18, 6], minutes: [30] };
    expect(next(each("Day", 3, times), "2026-01-01T18:30:00")).to.equal("2026-01-04T06:30");
    expect(next(each("Week", 2, { ...times, weekDays: ["Monday"] }), "2026-01-01T00:00:00")).to.equal(
      "2026-01-12T06:30",
    );
    expect(next(each("Month", 2, { ...times, monthDays: [1, 31] }), "2026-01-31T18:30:00")).to.equal(
      "2026-03-01T06:30",
    );
  });

  it("is by the clocks of the zone, summer time as well", () => {
    const berlin = { timeZone: "W. Europe Standard Time" };
    expect(next(cron("0 6 * * *", berlin), "2026-03-28T00:00:00")).to.equal("2026-03-28T05:00");
    expect(next(cron("0 6 * * *", berlin), "2026-03-28T12:00:00")).to.equal("2026-03-29T04:00");
    const tokyo = { timeZone: "Tokyo Standard Time", startTime: "2026-01-05T00:00:00" };
    // A Monday in Tokyo is a Sunday in UTC.
    const mondays = each("Week", 2, { hours: [1], minutes: [30], weekDays: ["Monday"] }, tokyo);
    expect(next(mondays, "2026-01-01T00:00:00")).to.equal("2026-01-04T16:30");
    expect(next(mondays, "2026-01-04T16:30:00")).to.equal("2026-01-18T16:30");
    const west = { timeZone: "UTC-11", endTime: "2026-01-01T14:00:00" };
    const twice = each("Day", 1, { hours: [13, 15], minutes: [0] }, west);
    expect(next(twice, "2026-01-01T00:00:00")).to.equal("2026-01-01T02:00");
    expect(next(twice, "2026-01-01T02:00:00")).to.equal("2026-01-02T00:00");
    expect(next(twice, "2026-01-02T00:00:00")).to.equal(undefined);
  });

  it("is each so many minutes or hours from the beginning", () => {
    expect(next(each("Minute", 15), "2026-01-01T00:16:00")).to.equal("2026-01-01T00:30");
    const start = { startTime: "2026-01-01T00:10:00" };
    expect(next(each("Hour", 5, {}, start), "2026-01-01T00:11:00")).to.equal("2026-01-01T05:10");
  });

  it("is neither before the start nor after the end", () => {
    const bounds = { startTime: "2026-02-01T00:00:00", endTime: "2026-02-02T00:00:00" };
    expect(next(cron("0 6 * * *", bounds), "2026-01-05T00:00:00")).to.equal("2026-02-01T06:00");
    expect(next(cron("0 6 * * *", bounds), "2026-02-01T06:00:00")).to.equal(undefined);
  });

  it("is the first minute later than the last that fits each field, as looking at each minute finds it", () => {
    const field = (least: number, most: number): fc.Arbitrary<number | undefined> =>
      fc.option(fc.integer({ min: least, max: most }), { nil: undefined });
    const times = fc.tuple(
      field(0, 59),
      field(0, 23),
      fc.constant(undefined),
      fc.constant(undefined),
      field(0, 6),
    );
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 40_000 }), (fields, minutes) => {
        const after = since + minutes * 60_000;
        const expression = fields.map((value) => value ?? "*").join(" ");
        const fits = (time: number): boolean => {
          const date = new Date(time);
          const [minute, hour, , , day] = fields;
          return (
            (minute ?? date.getUTCMinutes()) === date.getUTCMinutes() &&
            (hour ?? date.getUTCHours()) === date.getUTCHours() &&
            (day ?? date.getUTCDay()) === date.getUTCDay()
          );
        };
        let expected = after + 60_000;
        while (!fits(expected)) expected += 60_000;
        expect(nextTime(cron(expression), since, after)).to.equal(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the schedules that are on", () => {
  const folder = mkdtempSync(join(tmpdir(), "schedules-"));
  after(() => rmSync(folder, { recursive: true }));
  const job = { actionType: "CreateJob", jobDefinition: { jobType: "Command" } };
  const schedule = (name: string, properties: JsonObject): StoredResource => ({
    id: `${WORKSPACE}/schedules/${name}`,
    body: { type: "Microsoft.MachineLearningServices/workspaces/schedules", properties },
    internal: scheduleInternal(principal),
  });
  const scheduler = (file: string, resources: readonly StoredResource[]) => {
    const ran: string[] = [];
    const said: string[] = [];
    const clock = { now: since };
    const look = createScheduler({
      store: { list: () => resources } as unknown as Store,
      now: () => clock.now,
      file: join(folder, file),
      run: async (id, _action, { objectId }, due) => {
        expect(objectId).to.equal(principal.objectId);
        ran.push(`${id.split("/").at(-1)} ${due.toISOString().slice(0, 16)}`);
        if (id.endsWith("fails")) throw new Error("no such thing");
      },
      log: (line) => void said.push(line),
    });
    const lookAt = async (time: string): Promise<string[]> => {
      clock.now = at(time);
      await look();
      return ran.splice(0);
    };
    return { lookAt, said };
  };

  it("run when it is time, once each, and those that fail as well", async () => {
    const trigger = cron("0 * * * *");
    const { lookAt, said } = scheduler("once.json", [
      schedule("hourly", { trigger, action: job }),
      schedule("fails", { trigger, action: job }),
      schedule("off", { trigger, action: job, isEnabled: false }),
    ]);
    expect(await lookAt("2026-01-01T00:30:00")).to.deep.equal([]);
    expect(await lookAt("2026-01-01T00:59:59")).to.deep.equal([]);
    expect(await lookAt("2026-01-01T01:00:10")).to.deep.equal([
      "hourly 2026-01-01T01:00",
      "fails 2026-01-01T01:00",
    ]);
    expect(await lookAt("2026-01-01T01:00:20")).to.deep.equal([]);
    expect(said.some((line) => line.includes("could not run: no such thing"))).to.equal(true);
  });

  it("make up for what was missed once, after a restart", async () => {
    const resources = [schedule("hourly", { trigger: cron("0 * * * *"), action: job })];
    await scheduler("missed.json", resources).lookAt("2026-01-01T00:30:00");
    const restarted = scheduler("missed.json", resources);
    expect(await restarted.lookAt("2026-01-01T04:30:00")).to.deep.equal(["hourly 2026-01-01T01:00"]);
    expect(await restarted.lookAt("2026-01-01T04:31:00")).to.deep.equal([]);
  });

  it("don't run where they monitor, or go by a zone that is none, and it is said why", async () => {
    const { lookAt, said } = scheduler("not.json", [
      schedule("monitors", { trigger: cron("0 * * * *"), action: { actionType: "CreateMonitor" } }),
      schedule("elsewhere", {
        trigger: cron("0 * * * *", { timeZone: "Atlantis Standard Time" }),
        action: job,
      }),
    ]);
    await lookAt("2026-01-01T00:30:00");
    expect(await lookAt("2026-01-01T02:30:00")).to.deep.equal([]);
    expect(said).to.have.length(2);
    expect(said[0]).to.contain("Spark jobs");
    expect(said[1]).to.contain("no Windows time zone");
  });
});
