import { expect } from "chai";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonClients, pythonSide } from "../../tools/setup/python";
import { SetupMachine } from "../helpers/setup-machine";

const work = { say: (): void => undefined, worker: (): void => undefined };

describe("the Python side", () => {
  let machine: SetupMachine;
  beforeEach(() => {
    machine = new SetupMachine();
    machine.python();
  });
  afterEach(() => machine.remove());

  const step = (): ReturnType<typeof pythonSide> => pythonSide({ root: machine.root, env: machine.env });
  const leftover = (): string => join(machine.root, ".tools", "python", "leftover");

  it("is installed once, and again when the lock names other packages", async () => {
    await step().run(work);
    expect(await step().done()).to.equal(true);
    writeFileSync(join(machine.root, "tools", "python", "requirements.lock"), "mlflow==2.22.6\n");
    expect(await step().done()).to.equal(false);
  });

  it("is made anew when its install was interrupted", async () => {
    machine.python("exit 1");
    const error = await step()
      .run(work)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(error?.message).to.include("pip install failed (exit code 1)");
    writeFileSync(leftover(), "");
    expect(await step().done()).to.equal(false);
    machine.python();
    await step().run(work);
    expect(await step().done()).to.equal(true);
    expect(existsSync(leftover())).to.equal(false);
  });

  it("says that the disk is full when pip says so", async () => {
    machine.python(
      "echo 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device' >&2; exit 1",
    );
    const error = await step()
      .run(work)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(error?.message).to.match(/^pip install failed \(exit code 1\)\. The disk is full\./);
  });

  it("is another environment than that of the clients, each with a lock of its own", async () => {
    const clients = pythonClients({ root: machine.root, env: machine.env });
    await step().run(work);
    expect(await clients.done()).to.equal(false);
    await clients.run(work);
    writeFileSync(join(machine.root, "tools", "python", "requirements.lock"), "mlflow==2.22.6\n");
    expect(await step().done()).to.equal(false);
    expect(await clients.done()).to.equal(true);
  });
});
