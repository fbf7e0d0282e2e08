/** Who a request comes from, as its verified token says. */
export interface Principal {
  readonly objectId: string;
  readonly clientId: string;
  readonly tenantId: string;
}

/** Why a token is not taken; becomes a 401 in the shape of the service that was asked. */
export class TokenRefused extends Error {
  constructor(
    readonly code:
      | "AuthenticationFailed"
      | "InvalidAuthenticationToken"
      | "ExpiredAuthenticationToken"
      | "InvalidAuthenticationTokenTenant",
    message: string,
  ) {
    super(message);
  }
}

export interface TokenVerifier {
  /**
   * @param authorization the request's Authorization header
   * @param audiences what the service accepts as `aud`
   * @throws TokenRefused
   */
  verify(authorization: string | undefined, audiences: readonly string[]): Promise<Principal>;
}

/** Azure RBAC over the stored role assignments. */
export interface AccessControl {
  /**
   * Whether the principal holds one of the roles at the scope or above it. The subscription's owner (the deployer) holds every
   * management role; data roles it needs like anyone else.
   */
  hasRole(principal: Principal, roleDefinitionIds: readonly string[], scope: string): boolean;
}
