// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers in a copy of a file's bytes.
final class FileBytes {
  private static final VarHandle I32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle I16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private FileBytes() {}

  static int i32(byte[] file, int offset) {
    return (int) I32.get(file, offset);
  }

  static short i16(byte[] file, int offset) {
    return (short) I16.get(file, offset);
  }

  static int u8(byte[] file, int offset) {
    return file[offset] & 255;
  }
}
