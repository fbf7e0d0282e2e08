import * as pulumi from "@pulumi/pulumi";
import {
  ComputeCluster,
  ComputeInstance,
  KubernetesCompute,
  Workspace,
  type ComputeClusterArgs,
  type ComputeInstanceArgs,
  type KubernetesComputeArgs,
} from "pulumi-azureml";

/** A workspace with a compute of each kind, as the stack's configuration says, and a cluster that was there before. */
const config = new pulumi.Config();
const location = "westeurope";
const workspace = new Workspace("ws", { location, nameSuffix: "c1", onDelete: "purge" });
const common = { workspaceId: workspace.id, location };

const { storageAccountId } = workspace;
const train = new ComputeCluster("train", {
  ...common,
  storageAccountId,
  ...config.requireObject<ComputeClusterArgs>("train"),
});
const ada = new ComputeInstance("ada", { ...common, ...config.requireObject<ComputeInstanceArgs>("ada") });
const aks = new KubernetesCompute("aks", {
  ...common,
  ...config.requireObject<KubernetesComputeArgs>("aks"),
});
export const computes = { train: train.name, ada: ada.name, aks: aks.name };

const owned = config.getObject<{ args: ComputeClusterArgs; import?: string }>("owned");
if (owned !== undefined)
  new ComputeCluster(
    "owned",
    { ...common, ...owned.args },
    {
      transforms: [
        ({ type, props, opts }) =>
          type === "azure-native:machinelearningservices:Compute" && owned.import !== undefined
            ? { props, opts: { ...opts, import: owned.import } }
            : undefined,
      ],
    },
  );
