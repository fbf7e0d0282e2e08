import { expect } from "chai";
import execa from "execa";
import fc from "fast-check";
import { leaksIn } from "../helpers/leaks";
import { leaksInArgumentsDuring } from "../helpers/process-arguments";

const secret = fc.string({ minLength: 12, maxLength: 60 });
const text = fc.string({ maxLength: 40 });
const found = (where: string, planted: string): boolean => leaksIn(where, { it: planted }).length > 0;

describe("the search for leaked secrets", () => {
  it("finds a secret in each form, whatever stands around it", () => {
    fc.assert(
      fc.property(text, secret, text, (before, planted, after) => {
        const whole = `${before}${planted}${after}`;
        for (const written of [
          whole,
          JSON.stringify({ whole }),
          JSON.stringify({ state: JSON.stringify({ whole }) }),
          `${before}${encodeURIComponent(planted)}${after}`,
          Buffer.from(whole).toString("base64"),
          Buffer.from(whole).toString("base64url"),
          encodeURIComponent(Buffer.from(whole).toString("base64")),
          Buffer.from(whole).toString("hex"),
        ])
          expect(found(written, planted), written).to.equal(true);
      }),
    );
  });

  it("finds none where there is none", () => {
    const planted = fc.stringMatching(/^[a-z]{20}$/);
    fc.assert(
      fc.property(planted, planted, (one, other) => {
        fc.pre(one !== other);
        for (const written of [other, Buffer.from(other).toString("base64"), ""])
          expect(leaksIn(written, { it: one })).to.deep.equal([]);
      }),
    );
  });

  it("says which secret it is, and how it is written", () => {
    const planted = { password: "correct horse", key: "battery staple" };
    const basic = Buffer.from("user:correct horse").toString("base64");
    expect(leaksIn(`authorization: Basic ${basic}`, planted)).to.deep.equal(["password, base64"]);
    expect(leaksIn("?key=battery%20staple", planted)).to.deep.equal(["key, URL-encoded"]);
    expect(leaksIn(String.raw`"plaintext":"\"rl\u0026sig=abcdef\""`, { SAS: "rl&sig=abcdef" })).to.deep.equal(
      ["SAS, in Go's JSON"],
    );
    expect(() => leaksIn("", { pin: "1234" })).to.throw("too short");
  });

  it("finds what a process has among its arguments", async () => {
    const planted = { token: "planted-among-arguments" };
    const script = "setTimeout(() => undefined, 400)";
    const found = await leaksInArgumentsDuring(planted, async () =>
      execa(process.execPath, ["-e", script, planted.token]),
    );
    expect(found).to.deep.equal(["token, as it is"]);
    expect(await leaksInArgumentsDuring(planted, async () => execa("true"))).to.deep.equal([]);
  });
});
