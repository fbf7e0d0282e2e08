import { main } from "../provider-server";
import { Random } from "./provider";

main(() => new Random());
