import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageTls: ResourceRule = {
  id: "storage-tls",
  title: "A storage account asks for TLS 1.2 at least",
  reason: "Earlier versions are broken.",
  fix: "Set minimumTlsVersion to TLS1_2 or TLS1_3.",
  covers: { psRule: ["AZR-000200"], checkov: ["CKV_AZURE_44"], trivy: ["AZU-0011"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) =>
    when(!/^TLS1_[23]$/.test(String(at(props, "minimumTlsVersion"))), "minimumTlsVersion is below TLS1_2"),
};
