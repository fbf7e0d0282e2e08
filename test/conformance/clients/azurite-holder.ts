/** Starts Azurite over the folder that it is given, prints its port, process and key, and stays until it is killed. */
import { startAzurite } from "../../../local/blobs/azurite";
import { statePaths } from "../../../local/state";

startAzurite(statePaths(process.argv[2])).then(
  ({ port, pid, key }) => console.log(JSON.stringify({ port, pid, key })),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
