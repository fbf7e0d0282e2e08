import { badArgument } from "../../errors";
import { merged, objectAt, omit } from "../../objects";
import type { Made, PutRequest, ResourceType } from "../../resource-type";
import { ML_API_VERSIONS, workspaceIdOf, WORKSPACES } from "./provider";

/** What a connection signs in with is kept, and shown by `listsecrets` alone. */
function makeConnection({ body, id }: Pick<PutRequest, "body" | "id">): Made {
  const properties = objectAt(body, "properties");
  return {
    body: {
      properties: {
        isSharedToAll: true,
        metadata: {},
        ...omit(properties, ["credentials"]),
        createdByWorkspaceArmId: workspaceIdOf(id),
      },
    },
    internal: { credentials: objectAt(properties, "credentials") },
  };
}

/** Workspace connections. */
export const connections: ResourceType = {
  type: `${WORKSPACES}/connections`,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  createdStatus: 200,
  checkName: (name) => {
    if (/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/.test(name)) return;
    throw badArgument(
      `The connection name '${name}' is not valid: 3 to 33 letters, digits, '-' and '_', a letter or digit first.`,
      "connectionName",
    );
  },
  make: makeConnection,
  amend: ({ body, existing, id }) => {
    const properties = {
      ...objectAt(existing.body, "properties"),
      credentials: objectAt(existing.internal, "credentials"),
    };
    return makeConnection({ id, body: merged({ properties }, body) });
  },
  actions: {
    listsecrets: ({ existing }) => ({
      status: 200,
      body: {
        ...existing.body,
        properties: {
          ...objectAt(existing.body, "properties"),
          credentials: objectAt(existing.internal, "credentials"),
        },
      },
    }),
  },
};
