import { expect } from "chai";
import execa from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

const STACK_TRACE = /^\s+at .+:\d+:\d+/m;
const NO_MOUNTS = "this machine lets nobody mount a file system of a chosen size (unshare -rm)";

/**
 * A state folder on a file system of its own, which only the commands of one script see: it is gone with the last of them. `run NAME …`
 * runs `npm run local -- …` and notes how it ended (the engine tries each write of its state for half a minute, one after the other, before
 * it gives up); `fill KILOBYTES` leaves no more space than that.
 */
async function onOwnDisk(
  folder: string,
  script: string,
): Promise<Record<string, { code: number; output: string }>> {
  const whole = `
    set -eu
    state='${folder}'
    mount -t tmpfs -o size=1g disk "$state"
    mkdir "$state/local"
    export PULUMI_AZUREML_LOCAL="$state/local"
    run() {
      name=$1; shift
      code=0
      timeout 400 '${process.execPath}' '${join(packageRoot(), "dist", "local", "main.js")}' "$@" >/dev/shm/out.$$ 2>&1 || code=$?
      printf '%s\\0%s\\0' "$name" "$code"; cat /dev/shm/out.$$; printf '\\0'
    }
    fill() { dd if=/dev/zero of="$state/filler" bs=1k count=$(($(df -Pk "$state" | awk 'END {print $4}') - $1)) 2>/dev/null; }
    fill_at_lock() {
      until [ -n "$(find "$state/local/pulumi/state/.pulumi/stacks" -name 'local.json.[0-9]*' 2>/dev/null)" ]; do sleep 0.05; done
      sleep 2; fill 300
    }
    empty() { rm -f "$state/filler"; }
    trap '"${process.execPath}" "${join(packageRoot(), "dist", "local", "main.js")}" down >/dev/null 2>&1; rm -f /dev/shm/out.$$' EXIT
    ${script}`;
  const { stdout } = await execa("unshare", ["-rm", "sh", "-c", whole], { cwd: packageRoot() });
  const fields = stdout.split("\0");
  const ended: Record<string, { code: number; output: string }> = {};
  for (let at = 0; at + 2 < fields.length; at += 3)
    ended[fields[at] ?? ""] = { code: Number(fields[at + 1]), output: fields[at + 2] ?? "" };
  return ended;
}

describe("the disk of the state folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-disk-"));

  before(async function () {
    const { exitCode } = await execa("unshare", ["-rm", "mount", "-t", "tmpfs", "disk", folder], {
      reject: false,
    });
    if (exitCode !== 0) {
      process.stderr.write(`skipped: ${NO_MOUNTS}\n`);
      this.skip();
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("full from the start, then in the middle of `up`, then with space: an error names it, and the next run ends well", async () => {
    const ended = await onOwnDisk(
      folder,
      `fill 0
       run start
       empty
       run works exec pulumi stack ls
       fill 1000
       run almost
       empty
       fill_at_lock & run middle; wait
       empty
       run again
       run unchanged preview local`,
    );
    for (const name of ["start", "almost", "middle"]) {
      const { code, output } = ended[name] ?? { code: -1, output: "" };
      expect(code, output).to.be.oneOf([1, 255]);
      expect(output)
        .to.match(/disk is full|no space left on device/i)
        .and.not.match(STACK_TRACE);
    }
    expect(ended["works"]?.code, ended["works"]?.output).to.equal(0);
    expect(ended["again"]?.code, ended["again"]?.output).to.equal(0);
    expect(ended["unchanged"]?.output)
      .to.match(/\d+ unchanged/)
      .and.not.match(/to (create|update|delete)/);
  });

  it("read-only: the error says so and names the folder, and nothing hangs", async () => {
    const ended = await onOwnDisk(
      folder,
      `mount -o remount,ro "$state"
       run readonly
       mount -o remount,rw "$state"
       run works exec true`,
    );
    expect(ended["readonly"]?.code).to.equal(1);
    expect(ended["readonly"]?.output).to.match(
      /^The file system is read-only: .*PULUMI_AZUREML_LOCAL.*local/m,
    );
    expect(ended["readonly"]?.output).not.to.match(STACK_TRACE);
    expect(ended["works"]?.code, ended["works"]?.output).to.equal(0);
  });
});
