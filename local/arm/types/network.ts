import type { ResourceType } from "../resource-type";
import { privateDnsTypes } from "./network/private-dns";
import { privateEndpointTypes } from "./network/private-endpoints";
import { virtualNetworkTypes } from "./network/virtual-networks";

/** Microsoft.Network. */
export const networkTypes: readonly ResourceType[] = [
  ...virtualNetworkTypes,
  ...privateEndpointTypes,
  ...privateDnsTypes,
];
