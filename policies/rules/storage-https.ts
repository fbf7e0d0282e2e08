import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageHttps: ResourceRule = {
  id: "storage-https",
  title: "A storage account is spoken to over HTTPS alone",
  reason: "Over HTTP whoever is on the way reads data and tokens.",
  fix: "Set enableHttpsTrafficOnly to true, or leave it out.",
  covers: { psRule: ["AZR-000196"], checkov: ["CKV_AZURE_3"], trivy: ["AZU-0008"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) => when(at(props, "enableHttpsTrafficOnly") === false, "enableHttpsTrafficOnly is false"),
};
