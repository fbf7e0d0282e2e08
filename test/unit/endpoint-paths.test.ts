import { expect } from "chai";
import { endpointTarget, fromEndpoints, toEndpoints } from "../../local/door/endpoint-paths";

const HERE = "127.0.0.1:44300";

describe("the paths of the door by endpoints", () => {
  it("lead to what serves them at Azure's names, with their query", () => {
    const places = [
      "/subscriptions/s/resourceGroups?api-version=1",
      "/10ca1a2e-0000-4000-8000-000000000001/oauth2/v2.0/token",
      "/common/discovery/instance",
      "/mlflow/v2.0/subscriptions/s/api/2.0/mlflow/runs/get?run_id=1",
      "/inference/churn/westeurope/score",
      "/vaults/kv-churn/secrets/one?api-version=7.4",
      "/stchurn/models/a%20file.txt?sv=1&sig=x%2F",
    ].map((path) => {
      const { host, path: there } = endpointTarget(path) ?? expect.fail(path);
      return `${host}${there}`;
    });
    expect(places).to.deep.equal([
      "management.azure.com/subscriptions/s/resourceGroups?api-version=1",
      "login.microsoftonline.com/10ca1a2e-0000-4000-8000-000000000001/oauth2/v2.0/token",
      "login.microsoftonline.com/common/discovery/instance",
      "westeurope.api.azureml.ms/mlflow/v2.0/subscriptions/s/api/2.0/mlflow/runs/get?run_id=1",
      "churn.westeurope.inference.ml.azure.com/score",
      "kv-churn.vault.azure.net/secrets/one?api-version=7.4",
      "stchurn.blob.core.windows.net/models/a%20file.txt?sv=1&sig=x%2F",
    ]);
  });

  it("are nobody's where nothing is served", () => {
    for (const path of ["/", "/..%2fetc", "/a", "/Not-An-Account/x"])
      expect(endpointTarget(path), path).to.equal(undefined);
  });

  it("stand in answers where Azure's addresses stood, and lead back in requests", () => {
    const said = [
      "https://management.azure.com/subscriptions/s/operations/1?api-version=1",
      "azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s",
      "https://churn.westeurope.inference.ml.azure.com/score",
      "https://kv-churn.vault.azure.net/secrets/one",
      "https://stchurn.blob.core.windows.net/models/a.txt?sv=1",
    ].join('","');
    const here = toEndpoints(said, HERE);
    expect(here.split('","')).to.deep.equal([
      `https://${HERE}/subscriptions/s/operations/1?api-version=1`,
      `azureml://${HERE}/mlflow/v1.0/subscriptions/s`,
      `https://${HERE}/inference/churn/westeurope/score`,
      `https://${HERE}/vaults/kv-churn/secrets/one`,
      `https://stchurn.blob.local@${HERE}/stchurn/models/a.txt?sv=1`,
    ]);
    expect(fromEndpoints(here, HERE)).to.equal(said);
  });
});
