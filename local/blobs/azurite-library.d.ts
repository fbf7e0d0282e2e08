/** The parts of Azurite that run its blob server as a library. The paths are private: the version is pinned, and a test starts it. */
declare module "azurite/dist/src/blob/BlobConfiguration" {
  interface ExtentStore {
    readonly locationId: string;
    readonly locationPath: string;
    readonly maxConcurrency: number;
  }
  interface BlobConfiguration {
    readonly host: string;
  }
  const BlobConfiguration: new (
    host: string,
    port: number,
    keepAliveTimeoutSeconds: number,
    metadataFile: string,
    extentFile: string,
    extentStores: readonly ExtentStore[],
    enableAccessLog: boolean,
    accessLog: NodeJS.WritableStream | undefined,
    enableDebugLog: boolean,
    debugLogFile: string | undefined,
    loose: boolean,
    skipApiVersionCheck: boolean,
    cert: string,
    key: string,
    password: string,
    oauth: string | undefined,
    disableProductStyleUrl: boolean,
  ) => BlobConfiguration;
  export { BlobConfiguration as default };
}

declare module "azurite/dist/src/blob/BlobServer" {
  import type BlobConfiguration from "azurite/dist/src/blob/BlobConfiguration";
  /** LokiJS's database, as far as saving goes. */
  interface Database {
    readonly collections: readonly { dirty: boolean }[];
    saveDatabase(callback?: (error?: Error | null) => void): void;
  }
  interface BlobServer {
    start(): Promise<void>;
    close(): Promise<void>;
    readonly metadataStore: { readonly db: Database };
    readonly extentMetadataStore: { readonly db: Database };
  }
  const BlobServer: new (configuration: BlobConfiguration) => BlobServer;
  export { BlobServer as default, type Database };
}

declare module "azurite/dist/src/common/AccountDataStore" {
  interface AccountDataStore {
    getAccount(name: string): { name: string; key1: Buffer } | undefined;
  }
  const AccountDataStore: new () => AccountDataStore;
  export { AccountDataStore as default };
}
