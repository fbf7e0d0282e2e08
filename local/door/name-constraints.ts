import "reflect-metadata";
import { Extension } from "@peculiar/x509";
import { vouchedDomains } from "./hosts";

/**
 * RFC 5280 §4.2.1.10: the only names that certificates under this authority can be good for. Should its key ever be taken, it still
 * vouches for no other site to whoever was told to trust it.
 */
export function nameConstraints(): Extension {
  const loopback = Buffer.from([127, 0, 0, 0, 255, 0, 0, 0]);
  const permitted = [
    ...vouchedDomains.map((domain) => sequence(element(0x82, Buffer.from(domain, "ascii")))),
    sequence(element(0x87, loopback)),
  ];
  return new Extension("2.5.29.30", true, sequence(element(0xa0, Buffer.concat(permitted))));
}

function sequence(content: Buffer): Buffer {
  return element(0x30, content);
}

/** One DER element; its content is shorter than 64 KiB. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}
