import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryNoAnonymousPull: ResourceRule = {
  id: "registry-no-anonymous-pull",
  title: "Nobody pulls images without signing in",
  reason: "Images hold code and what it needs.",
  fix: "Leave anonymousPullEnabled out, or set it to false.",
  covers: { psRule: ["AZR-000401"], checkov: ["CKV_AZURE_138"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["containerregistry:Registry"],
  check: (props) => when(at(props, "anonymousPullEnabled") === true, "anonymousPullEnabled is true"),
};
