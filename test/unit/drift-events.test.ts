import { expect } from "chai";
import { readEvents } from "../../providers/drift/events";

describe("the engine's events", () => {
  const line = (event: object): string => JSON.stringify({ sequence: 1, timestamp: 1, ...event });
  const summary = line({ summaryEvent: { result: "succeeded" } });
  const metadata = {
    op: "update",
    urn: "urn:pulumi:dev::p::t::n",
    type: "t",
    old: { id: "i", inputs: { a: 1 }, outputs: {} },
  };

  it("are read line by line, whatever else is printed between them", () => {
    const text = ["warning: a line", line({ resOutputsEvent: { metadata } }), "{", summary].join("\n");
    const { resources, errors, ended } = readEvents(text);
    expect(resources).to.deep.equal([metadata]);
    expect({ errors, ended }).to.deep.equal({ errors: [], ended: true });
  });

  it("tell of what could not be read, and whether it came to its end", () => {
    const failed = line({ diagnosticEvent: { message: "403\n", severity: "error" } });
    expect(readEvents(failed)).to.deep.equal({ resources: [], errors: ["403"], ended: false });
    expect(readEvents(line({ summaryEvent: { result: "failed" } })).ended).to.equal(false);
    expect(readEvents(line({ resOpFailedEvent: { metadata } })).errors).to.have.length(1);
  });
});
