import { PolicyPack } from "@pulumi/policy";
import { policiesOf, profileIn } from "./pack";

new PolicyPack("pulumi-azureml", { policies: policiesOf(profileIn(process.env)) });
