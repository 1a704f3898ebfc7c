// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What was written comes back, and nothing else ever does.
@ExtendWith(Seeds.class)
class ProgramFilesTest {
  private static final ProgramKey KEY = ProgramKey.of("device", "-DROWS=4", "kernel");

  private final Random random = Seeds.random("programs");
  private final byte[] program = new byte[1000];

  @TempDir Path folder;

  ProgramFilesTest() {
    random.nextBytes(program);
  }

  private ProgramFiles files() {
    return new ProgramFiles(Optional.of(folder.resolve("new")));
  }

  private Path file() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("new"))) {
      List<Path> files = all.toList();
      assertEquals(1, files.size(), "no part is left beside the file: " + files);
      return files.getFirst();
    }
  }

  @Test
  void whatWasWrittenComesBack() throws IOException {
    assertTrue(files().read(KEY).isEmpty());
    files().write(KEY, new byte[] {1});
    files().write(KEY, program);
    file();
    assertArrayEquals(program, files().read(KEY).orElseThrow());
    assertTrue(files().read(ProgramKey.of("device 2", "-DROWS=4", "kernel")).isEmpty());
    files().delete(KEY, "old");
    assertTrue(files().read(KEY).isEmpty());
  }

  @Test
  void keysDifferInEveryPart() {
    assertNotEquals(KEY, ProgramKey.of("device ", "-DROWS=4", "kernel"));
    assertNotEquals(KEY, ProgramKey.of("device", "-DROWS=8", "kernel"));
    assertNotEquals(KEY, ProgramKey.of("device", "-DROWS=4", "kernels"));
    assertNotEquals(ProgramKey.of("ab", "c", ""), ProgramKey.of("a", "bc", ""));
    assertNotEquals(0, KEY.number());
  }

  @Test
  void everyFlippedBitIsSeenAndTheFileIsGone() throws IOException {
    files().write(KEY, program);
    Path file = file();
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      assertTrue(files().read(KEY).isEmpty(), "byte " + at);
      assertFalse(Files.exists(file), "byte " + at);
    }
  }

  @Test
  void everyOtherLengthIsSeen() throws IOException {
    files().write(KEY, program);
    Path file = file();
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length + 9; length++) {
      if (length != good.length) {
        Files.write(file, Arrays.copyOf(good, length));
        assertTrue(files().read(KEY).isEmpty(), "length " + length);
      }
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsNoFailure() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file where a folder should be");
    var files = new ProgramFiles(Optional.of(blocked));
    files.write(KEY, program);
    files.delete(KEY, "old");
    assertTrue(files.read(KEY).isEmpty());
    var nowhere = new ProgramFiles(Optional.empty());
    nowhere.write(KEY, program);
    assertTrue(nowhere.read(KEY).isEmpty());
  }
}
