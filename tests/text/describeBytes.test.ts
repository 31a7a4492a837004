import { expect } from "chai";
import { describeBytes } from "../../text/describeBytes.ts";

describe("bytes that aren't text", () => {
  it("are described by kind, number and first bytes", () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49);
    expect(describeBytes(jpeg)).to.equal("JPEG image, 9 bytes: ff d8 ff e0 00 10 4a 46 …");
    expect(describeBytes(Buffer.from("RIFF\0\0\0\0WEBP"))).to.match(/^WebP image, 12 bytes: 52 49 46 46/);
    expect(describeBytes(Uint8Array.of(0xff))).to.equal("1 byte: ff");
    expect(describeBytes(new Uint8Array())).to.equal("0 bytes");
  });
});
