import { expect } from "chai";
import { clockEnvironment, clockNow, clockSetting } from "../../local/clock";
import { clock } from "../../providers/clients/clock";

const proxied = { HTTPS_PROXY: "http://127.0.0.1:4711" };

describe("clock", () => {
  it("is the machine's own without a setting", () => {
    expect(clock({}).now()).to.be.closeTo(Date.now(), 1000);
    const setting = clockSetting(undefined, {});
    expect(clockEnvironment(setting)).to.deep.equal({});
    expect(clockNow(setting)()).to.be.closeTo(Date.now(), 1000);
  });

  it("shows one time in the local Azure and in the providers, however fast it runs", () => {
    const setting = { speed: 60, since: Date.now() - 10_000 };
    const there = clock({ ...proxied, ...clockEnvironment(setting) }).now();
    expect(there).to.be.closeTo(clockNow(setting)(), 60 * 1000);
    expect(there - setting.since).to.be.at.least(600_000);
  });

  it("sleeps as much shorter as time runs faster", async () => {
    const fast = clock({ ...proxied, ...clockEnvironment({ speed: 3600, since: Date.now() }) });
    const begun = fast.now();
    await fast.sleep(360_000);
    expect(fast.now() - begun).to.be.at.least(356_400);
  });

  it("goes on after a restart at the same speed, and begins anew at another", () => {
    const before = { speed: 60, since: 1_000 };
    expect(clockSetting(before, { PULUMI_AZUREML_LOCAL_SPEED: "60" })).to.equal(before);
    expect(clockSetting(before, {}).since).to.be.greaterThan(1_000);
  });

  it("refuses a speed that is none, and a setting that is no clock", () => {
    for (const speed of ["0", "fast", "-1", "100000"])
      expect(() => clockSetting(undefined, { PULUMI_AZUREML_LOCAL_SPEED: speed })).to.throw("1 to 3600");
    for (const text of ["60", "60@then", "0.5@2026-01-01T00:00:00Z"])
      expect(() => clock({ ...proxied, PULUMI_AZUREML_CLOCK: text })).to.throw("this is no clock");
  });

  it("runs fast only where the local Azure's door is, never against Azure", () => {
    const PULUMI_AZUREML_CLOCK = "60@2026-01-01T00:00:00Z";
    for (const environment of [{}, { HTTPS_PROXY: "http://proxy.example.org:8080" }])
      expect(() => clock({ ...environment, PULUMI_AZUREML_CLOCK })).to.throw("is not the local Azure");
  });
});
