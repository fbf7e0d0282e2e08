import { Transform } from "node:stream";
import { runArtifactUri } from "./artifact-uri";
import type { Workspace } from "./workspace";

const NEWLINE = 0x0a;
// An unescaped quote before the key: a value that quotes such a line is left alone.
const ARTIFACT_ADDRESS =
  /(?<!\\)"(artifact_uri|artifact_location)":\s*"mlflow-artifacts:\/(\d+)(?:\/([0-9A-Za-z_-]+)\/artifacts)?"/g;

/** Puts Azure ML's artifact addresses where MLflow's server wrote its own. */
export function rewriteArtifactAddresses(json: string, workspace: Workspace): string {
  return json.replace(ARTIFACT_ADDRESS, (_, key: string, experiment: string, run: string | undefined) => {
    const address =
      run === undefined
        ? `azureml://${workspace.host}/mlflow/v2.0${workspace.id}/experiments/${experiment}`
        : runArtifactUri(workspace, experiment, run);
    return `"${key}": ${JSON.stringify(address)}`;
  });
}

/** The same for a response as it passes: MLflow's server writes a key and its value on one line. */
export function artifactAddressStream(workspace: Workspace): Transform {
  let rest: Buffer[] = [];
  const rewritten = (lines: Buffer): Buffer =>
    Buffer.from(rewriteArtifactAddresses(lines.toString("utf8"), workspace));
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const end = chunk.lastIndexOf(NEWLINE) + 1;
      if (end === 0) {
        rest.push(chunk);
        return done();
      }
      const lines = Buffer.concat([...rest, chunk.subarray(0, end)]);
      rest = [chunk.subarray(end)];
      return done(null, rewritten(lines));
    },
    flush(done) {
      done(null, rewritten(Buffer.concat(rest)));
    },
  });
}
