import { createExclusive, type Exclusive } from "../arm/exclusive";
import type { Store, StoredResource } from "../arm/store";
import type { Principal } from "../identity/principal";
import type { JsonObject } from "../json";
import { datastorePathOf, datastoreUri, namesAnotherWorkspace } from "./artifact-uri";
import { MlflowError } from "./errors";
import type { ModelFiles } from "./model-files";
import * as bodies from "./registry-body";
import type { ModelVersionJson, RegisteredModelJson } from "./registry-body";
import type { Workspace } from "./workspace";

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

export interface NewModelVersion {
  readonly name: string;
  readonly source: string;
  readonly runId: string | undefined;
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Changes of what can be changed; a tag whose value is undefined is removed. */
export interface Change {
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string | undefined>>;
  readonly stage?: string;
}

/** MLflow's model registry over ARM's models: what either writes, the other reads. Methods throw MlflowError. */
export class Registry {
  constructor(
    private readonly store: Store,
    private readonly files: ModelFiles,
    private readonly now: () => Date,
    /** Writes one after another, ARM's among them where it is ARM's own: a version is chosen from what is there. */
    private readonly exclusive: Exclusive = createExclusive(),
  ) {}

  models(workspace: Workspace): RegisteredModelJson[] {
    const { containers, versions } = this.read(workspace);
    return containers.filter(isActive).map((container) =>
      bodies.modelJson(
        container,
        versions
          .filter(isActive)
          .filter((version) => isIn(version, container))
          .map(bodies.versionJson),
      ),
    );
  }

  model(workspace: Workspace, name: string): RegisteredModelJson {
    const container = this.container(workspace, name);
    return bodies.modelJson(container, this.versionsOf(container).filter(isActive).map(bodies.versionJson));
  }

  versions(workspace: Workspace): ModelVersionJson[] {
    return this.read(workspace).versions.filter(isActive).map(bodies.versionJson);
  }

  version(workspace: Workspace, name: string, version: string): ModelVersionJson {
    return bodies.versionJson(this.storedVersion(workspace, name, version));
  }

  latest(workspace: Workspace, name: string, stages: readonly string[]): ModelVersionJson[] {
    stages.forEach(checkStage);
    const versions = this.versionsOf(this.container(workspace, name))
      .filter(isActive)
      .map(bodies.versionJson);
    return bodies.latestPerStage(versions, stages.length > 0 ? stages : bodies.STAGES);
  }

  async createModel(
    workspace: Workspace,
    principal: Principal,
    made: { name: string; description: string | undefined; tags: Readonly<Record<string, string>> },
  ): Promise<RegisteredModelJson> {
    if (!MODEL_NAME.test(made.name)) {
      throw new MlflowError(
        "INVALID_PARAMETER_VALUE",
        `Invalid model name '${made.name}'. Use 1 to 255 letters, digits, '.', '_' and '-', a letter or digit first.`,
      );
    }
    const id = `${workspace.id}/models/${made.name}`;
    return await this.exclusive(async () => {
      if (this.store.get(id))
        throw new MlflowError(
          "RESOURCE_ALREADY_EXISTS",
          `Registered Model (name=${made.name}) already exists.`,
        );
      const body = bodies.containerBody(id, made.name, made.description, made.tags, this.created(principal));
      await this.store.put({ id, body, internal: {} });
      return this.model(workspace, made.name);
    });
  }

  async createVersion(
    workspace: Workspace,
    principal: Principal,
    made: NewModelVersion,
  ): Promise<ModelVersionJson> {
    const place = datastorePathOf(made.source);
    if (!place || namesAnotherWorkspace(made.source, workspace)) {
      throw new MlflowError(
        "INVALID_PARAMETER_VALUE",
        `Invalid model source '${made.source}'. Azure Machine Learning registers what is in this workspace: runs:/<run>/<path>, or a local folder through its MLflow plug-in.`,
      );
    }
    const flavors = await this.files.flavors(workspace, place);
    const container = this.container(workspace, made.name);
    return await this.exclusive(async () => {
      const version = nextVersion(this.container(workspace, made.name), this.versionsOf(container));
      const id = `${container.id}/versions/${version}`;
      const modelUri = datastoreUri(workspace, place);
      const body = bodies.versionBody(id, version, { ...made, modelUri, flavors }, this.created(principal));
      await this.store.put({ id, body, internal: {} });
      await this.putContainer(workspace, principal, made.name, {
        latestVersion: version,
        nextVersion: String(Number(version) + 1),
      });
      return this.version(workspace, made.name, version);
    });
  }

  async changeModel(
    workspace: Workspace,
    principal: Principal,
    name: string,
    change: Change,
  ): Promise<RegisteredModelJson> {
    return await this.exclusive(async () => {
      const container = this.container(workspace, name);
      await this.store.put({
        ...container,
        body: this.changed(container.body, principal, changedProperties(container.body, change)),
      });
      return this.model(workspace, name);
    });
  }

  async changeVersion(
    workspace: Workspace,
    principal: Principal,
    name: string,
    version: string,
    change: Change,
  ): Promise<ModelVersionJson> {
    if (change.stage !== undefined) checkStage(change.stage);
    return await this.exclusive(async () => {
      const stored = this.storedVersion(workspace, name, version);
      await this.store.put({
        ...stored,
        body: this.changed(stored.body, principal, changedProperties(stored.body, change)),
      });
      return this.version(workspace, name, version);
    });
  }

  /** @param archiveOthers moves what else is in that stage to `Archived` */
  async transition(
    workspace: Workspace,
    principal: Principal,
    {
      name,
      version,
      stage,
      archiveOthers,
    }: { name: string; version: string; stage: string; archiveOthers: boolean },
  ): Promise<ModelVersionJson> {
    const moved = await this.changeVersion(workspace, principal, name, version, { stage });
    if (!archiveOthers) return moved;
    const others = this.versionsOf(this.container(workspace, name)).map(bodies.versionJson);
    for (const other of others.filter(
      (one) => one.current_stage === stage && one.version !== moved.version,
    )) {
      await this.changeVersion(workspace, principal, name, other.version, { stage: "Archived" });
    }
    return moved;
  }

  async deleteVersion(
    workspace: Workspace,
    principal: Principal,
    name: string,
    version: string,
  ): Promise<void> {
    await this.exclusive(async () => {
      const stored = this.storedVersion(workspace, name, version);
      await this.store.delete(stored.id);
      const left = this.versionsOf(this.container(workspace, name)).map((one) =>
        Number(bodies.splitVersionId(one.id).version),
      );
      await this.putContainer(workspace, principal, name, {
        latestVersion: left.length > 0 ? String(Math.max(...left)) : null,
      });
    });
  }

  private async putContainer(
    workspace: Workspace,
    principal: Principal,
    name: string,
    properties: JsonObject,
  ): Promise<void> {
    const container = this.container(workspace, name);
    const body = this.changed(container.body, principal, {
      ...bodies.propertiesOf(container.body),
      ...properties,
    });
    await this.store.put({ ...container, body });
  }

  private container(workspace: Workspace, name: string): StoredResource {
    const container = name === "" ? undefined : this.store.get(`${workspace.id}/models/${name}`);
    if (!container)
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`);
    return container;
  }

  private storedVersion(workspace: Workspace, name: string, version: string): StoredResource {
    const stored = this.store.get(`${workspace.id}/models/${name}/versions/${version}`);
    if (!stored)
      throw new MlflowError(
        "RESOURCE_DOES_NOT_EXIST",
        `Model Version (name=${name}, version=${version}) not found`,
      );
    return stored;
  }

  private versionsOf(container: StoredResource): StoredResource[] {
    return this.store.list(`${container.id}/versions/`);
  }

  private read(workspace: Workspace): { containers: StoredResource[]; versions: StoredResource[] } {
    const all = this.store.list(`${workspace.id}/models/`);
    const ofType = (type: string): StoredResource[] =>
      all.filter(({ body }) => String(body["type"]).toLowerCase() === type.toLowerCase());
    return { containers: ofType(bodies.MODEL_TYPE), versions: ofType(bodies.VERSION_TYPE) };
  }

  private created(principal: Principal): JsonObject {
    const at = this.now().toISOString();
    const by = { by: principal.clientId, type: "Application" };
    return {
      createdAt: at,
      createdBy: by.by,
      createdByType: by.type,
      lastModifiedAt: at,
      lastModifiedBy: by.by,
      lastModifiedByType: by.type,
    };
  }

  private changed(body: JsonObject, principal: Principal, properties: JsonObject): JsonObject {
    const systemData = { ...((body["systemData"] ?? {}) as JsonObject) };
    Object.assign(systemData, {
      lastModifiedAt: this.now().toISOString(),
      lastModifiedBy: principal.clientId,
      lastModifiedByType: "Application",
    });
    return { ...body, properties, systemData };
  }
}

function changedProperties(body: JsonObject, change: Change): JsonObject {
  const properties = bodies.propertiesOf(body);
  const tags = { ...((properties["tags"] ?? {}) as JsonObject), ...change.tags };
  return {
    ...properties,
    ...(change.description !== undefined && { description: change.description }),
    ...(change.stage !== undefined && { stage: change.stage }),
    tags: Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined)),
  };
}

function nextVersion(container: StoredResource, versions: readonly StoredResource[]): string {
  const announced = Number(bodies.propertiesOf(container.body)["nextVersion"]);
  const taken = versions
    .map(({ id }) => Number(bodies.splitVersionId(id).version))
    .filter(Number.isSafeInteger);
  return String(
    Math.max(Number.isSafeInteger(announced) ? announced : 1, 1, ...taken.map((version) => version + 1)),
  );
}

function checkStage(stage: string): void {
  if (bodies.STAGES.some((known) => known === stage)) return;
  throw new MlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid Model Version stage: ${stage}. Value must be one of ${bodies.STAGES.join(", ")}.`,
  );
}

const isActive = ({ body }: StoredResource): boolean => bodies.propertiesOf(body)["isArchived"] !== true;
const isIn = (version: StoredResource, container: StoredResource): boolean =>
  version.id.toLowerCase().startsWith(`${container.id.toLowerCase()}/versions/`);
