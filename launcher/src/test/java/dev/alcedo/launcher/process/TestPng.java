// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// PNG files of one grey, written by hand (RFC 2083), so that headers can lie.
final class TestPng {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private TestPng() {}

  /// A whole picture.
  static byte[] of(int width, int height) {
    return of(width, height, new byte[Math.multiplyExact(height, width + 1)]);
  }

  /// A header that promises a size, and one row of data.
  static byte[] promising(int width, int height) {
    return of(width, height, new byte[width + 1]);
  }

  private static byte[] of(int width, int height, byte[] rows) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    byte[] greyOf8Bits = {8, 0, 0, 0, 0};
    chunk(
        out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(greyOf8Bits).array());
    chunk(out, "IDAT", deflated(rows));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static byte[] deflated(byte[] bytes) {
    var deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    var out = new ByteArrayOutputStream();
    var buffer = new byte[4096];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    var crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
