import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageInfrastructureEncryption: ResourceRule = {
  id: "storage-infrastructure-encryption",
  title: "A storage account encrypts twice",
  reason: "One algorithm or key that fails then reveals nothing.",
  fix: "Set encryption.requireInfrastructureEncryption to true when the account is made.",
  covers: { trivy: ["AZU-0061"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["storage:StorageAccount"],
  check: (props) =>
    when(
      at(props, "encryption.requireInfrastructureEncryption") !== true,
      "encryption.requireInfrastructureEncryption is not true",
    ),
};
