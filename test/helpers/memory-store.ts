import type { Store, StoredResource } from "../../local/arm/store";
import type { JsonObject } from "../../local/json";

/** ARM's store without a disk. */
export class MemoryStore implements Store {
  private readonly resources = new Map<string, StoredResource>();

  get(id: string): StoredResource | undefined {
    return this.resources.get(id.toLowerCase());
  }

  list(prefix: string): StoredResource[] {
    return [...this.resources]
      .filter(([id]) => id.startsWith(prefix.toLowerCase()))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, resource]) => resource);
  }

  async put(resource: StoredResource): Promise<void> {
    this.resources.set(resource.id.toLowerCase(), resource);
  }

  async delete(id: string): Promise<void> {
    this.resources.delete(id.toLowerCase());
  }

  async close(): Promise<void> {
    this.resources.clear();
  }

  /** Puts a resource of which only id, type and properties matter. */
  async add(id: string, type: string, properties: JsonObject = {}): Promise<void> {
    await this.put({
      id,
      body: { id, name: id.slice(id.lastIndexOf("/") + 1), type, properties },
      internal: {},
    });
  }
}
