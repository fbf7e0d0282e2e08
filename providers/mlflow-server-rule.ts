import type { MlflowServer } from "./clients/mlflow-server";
import { flag, kindOf, objectOf, optional, text, type Rule } from "./rules";

const variable = text("the name of an environment variable", /^[A-Za-z_][A-Za-z0-9_]*$/);

/** What a server of MLflow may be declared as. */
export const mlflowServer: Rule = objectOf<MlflowServer>({
  trackingUri: text(
    "an address without user and password: https://…, azureml://…",
    /^[a-z]+:\/\/[^/@]+(\/[^@]*)?$/,
  ),
  auth: optional(
    kindOf("kind", {
      Basic: { usernameVariable: variable, passwordVariable: variable },
      Token: { tokenVariable: variable },
    }),
  ),
  allowHttp: optional(flag()),
});
