import { main } from "../provider-server";
import { AzureNative } from "./provider";

main(() => new AzureNative());
