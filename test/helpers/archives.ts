import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { Header } from "tar";

/** An entry of an archive, under any name, which packers leave out or mend. */
export interface PackedEntry {
  readonly name: string;
  readonly bytes: Buffer;
  /** Where it is a symbolic link. */
  readonly link?: string;
}

/** A zip as APPNOTE.TXT has it, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zipOf(entries: readonly PackedEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, link } of entries) {
    const content = link === undefined ? bytes : Buffer.from(link);
    const packed = deflateRawSync(content);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Names are UTF-8; the method is Deflate.
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, packed]);
    const ends = Buffer.alloc(14);
    ends.writeUInt32LE(((link === undefined ? 0o100644 : 0o120777) << 16) >>> 0, 6);
    ends.writeUInt32LE(offset, 10);
    const unix = Buffer.from([20, 3]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), unix, common, ends, path]));
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

export function tarOf(entries: readonly PackedEntry[]): Buffer {
  const parts = entries.flatMap(({ name, bytes, link }) => {
    const header = new Header({
      path: name,
      size: link === undefined ? bytes.length : 0,
      type: link === undefined ? "File" : "SymbolicLink",
      mode: 0o644,
      ...(link === undefined ? {} : { linkpath: link }),
    });
    const block = Buffer.alloc(512);
    header.encode(block);
    return link === undefined ? [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)] : [block];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** @param kind as a file's name ends */
export function archiveOf(kind: "zip" | "tar" | "tar.gz" | "tgz", entries: readonly PackedEntry[]): Buffer {
  if (kind === "zip") return zipOf(entries);
  return kind === "tar" ? tarOf(entries) : gzipSync(tarOf(entries));
}
