// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was measured is known to the next process, and no file can break that.
class MeasurementsTest {
  @TempDir Path folder;

  private Measurements kept() {
    return new Measurements(Optional.of(folder.resolve("cache")));
  }

  private Path file() {
    return folder.resolve("cache").resolve("measured.txt");
  }

  @Test
  void theNextProcessKnows() {
    kept().remember("tile batch on a", 4);
    kept().remember("tile batch on b = c", 2);
    assertEquals(OptionalInt.of(4), kept().find("tile batch on a"));
    assertEquals(OptionalInt.of(2), kept().find("tile batch on b = c"));
    assertEquals(OptionalInt.empty(), kept().find("tile batch on c"));
  }

  @Test
  void whatAnotherProcessMeasuredMeanwhileStays() {
    Measurements first = kept();
    assertEquals(OptionalInt.empty(), first.find("a"));
    kept().remember("b", 6);
    first.remember("a", 1);
    assertEquals(OptionalInt.of(6), kept().find("b"));
    assertEquals(OptionalInt.of(1), kept().find("a"));
  }

  @Test
  void aFolderIsNotNeeded() {
    var unkept = new Measurements(Optional.empty());
    unkept.remember("a", 3);
    assertEquals(OptionalInt.of(3), unkept.find("a"));
  }

  @Test
  void linesThatAreNoneAreSkipped() throws IOException {
    Files.createDirectories(file().getParent());
    List<String> lines =
        List.of("", "a", "a = ", "a = 0", "a = -3", "a = 99999999999", "a = x", "good = 2");
    Files.write(file(), lines);
    assertEquals(OptionalInt.empty(), kept().find("a"));
    assertEquals(OptionalInt.of(2), kept().find("good"));
    kept().remember("a", 5);
    assertEquals(List.of("good = 2", "a = 5"), Files.readAllLines(file()));
  }

  @Test
  void bytesThatAreNoTextAreSkipped() throws IOException {
    Files.createDirectories(file().getParent());
    Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 10, 'a', ' ', '=', ' ', '7', 10});
    assertEquals(OptionalInt.of(7), kept().find("a"));
  }

  @Test
  void aFileOfManyMegabytesIsNotRead() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "a = 7\n" + "#".repeat(2 << 20));
    assertEquals(OptionalInt.empty(), kept().find("a"));
  }

  @Test
  void aFolderThatCannotBeWrittenCostsNothingElse() throws IOException {
    Files.writeString(folder.resolve("cache"), "a file where the folder should be");
    Measurements here = kept();
    here.remember("a", 4);
    assertEquals(OptionalInt.of(4), here.find("a"));
    assertEquals(OptionalInt.empty(), kept().find("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two\nlines"})
  void namesAreOfOneLine(String name) {
    assertThrows(IllegalArgumentException.class, () -> kept().remember(name, 1));
    assertThrows(IllegalArgumentException.class, () -> kept().remember("a", 0));
  }
}
