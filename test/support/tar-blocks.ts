/** Tars block by block, where no writer makes what is needed. */

/** A header block of a given type, name, size and link target, with its checksum. */
export function block(type: string, name: string, size: number, link = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("14000000000\0", 136);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\x0000", 257);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** Data in whole blocks. */
export function padded(text: string): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
}

/** A member with its data. */
export function member(type: string, name: string, text = "", link = ""): Buffer {
  return Buffer.concat([block(type, name, text.length, link), padded(text)]);
}

/** A tar with the blocks that end it. */
export function ended(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
