const PROPERTIES = [
  "trackingUri",
  "auth.kind",
  "auth.usernameVariable",
  "auth.passwordVariable",
  "auth.tokenVariable",
  "allowHttp",
];
const WHY = {
  sourceServer: "says where files are read: test/conformance/mlflow-models.test.ts",
  server: "is another registry than Azure's: test/conformance/mlflow-target.test.ts",
};

/** Arguments of models that say how an MLflow server is reached: none of them goes to Azure. */
export const exemptServers: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(WHY).flatMap(([server, why]) =>
    PROPERTIES.map((property) => [`${server}.${property}`, why]),
  ),
);
