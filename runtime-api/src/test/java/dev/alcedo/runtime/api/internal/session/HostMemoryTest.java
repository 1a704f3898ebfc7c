// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
  @TempDir Path folder;

  private OptionalLong read(byte... content) throws IOException {
    return HostMemory.availableBytes(Files.write(folder.resolve("meminfo"), content));
  }

  @Test
  void readsKibibytes() throws IOException {
    String meminfo = "MemTotal:  100 kB\nMemFree:   5 kB\nMemAvailable:    2048 kB\nCached: 1 kB\n";
    assertEquals(OptionalLong.of(2048 * 1024), read(meminfo.getBytes()));
  }

  @Test
  void whatCannotBeReadIsUnknown() throws IOException {
    assertEquals(OptionalLong.empty(), HostMemory.availableBytes(folder.resolve("nothing")));
    assertEquals(OptionalLong.empty(), HostMemory.availableBytes(folder));
    assertEquals(OptionalLong.empty(), read());
    assertEquals(OptionalLong.empty(), read("MemFree: 5 kB\n".getBytes()));
    assertEquals(OptionalLong.empty(), read("MemAvailable: many kB\n".getBytes()));
    assertEquals(OptionalLong.empty(), read((byte) 0xFF, (byte) 0xFE, (byte) '\n'));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertDoesNotThrow(() -> HostMemory.require("it", 5, "do", OptionalLong.of(5)));
    assertDoesNotThrow(() -> HostMemory.require("it", Long.MAX_VALUE, "do", OptionalLong.empty()));
    var e =
        assertThrows(
            ResourceExhaustedException.class,
            () -> HostMemory.require("a session", 6L << 20, "do less", OptionalLong.of(5 << 20)));
    assertTrue(e.getMessage().contains("a session needs 6 MiB, 5 MiB are"), e.getMessage());
    assertTrue(e.getMessage().endsWith("do less"), e.getMessage());
  }
}
