// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.GgufMutations;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Models that are split into several files.
@ExtendWith(Seeds.class)
class SplitFileTest {
  @TempDir Path folder;

  private Path[] parts;

  @BeforeEach
  void writeParts() {
    parts = new Path[] {write(0, part(0, 3)), write(1, part(1, 3)), write(2, part(2, 3))};
  }

  private static TestGguf part(int number, int count) {
    TestGguf gguf = new TestGguf();
    if (number == 0) {
      gguf.string("general.architecture", "llama");
    }
    gguf.raw("split.no", TestGguf.UINT16, new byte[] {(byte) number, 0})
        .raw("split.count", TestGguf.UINT16, new byte[] {(byte) count, 0})
        .raw("split.tensors.count", TestGguf.INT32, new byte[] {5, 0, 0, 0});
    if (number > 0) { // llama-gguf-split can keep all tensors out of the first part
      gguf.tensor("a" + number, DType.F32, new float[] {number, 2}, 2);
    }
    if (number < 2) {
      gguf.tensor("b" + number, DType.F32, new float[] {number, 3, 4}, 3);
    }
    return number == 2 ? gguf.tensor("c", DType.F32, new float[] {7}, 1) : gguf;
  }

  private Path write(int number, TestGguf gguf) {
    return gguf.write().writeTo(path(number));
  }

  private Path path(int number) {
    return folder.resolve("model-%05d-of-00003.gguf".formatted(number + 1));
  }

  @Test
  void anyPartOpensAll() throws IOException {
    long bytes = 0;
    for (Path part : parts) {
      bytes += Files.size(part);
    }
    for (Path part : parts) {
      try (GgufFile file = GgufFile.open(part)) {
        assertEquals(List.of("b0", "a1", "b1", "a2", "c"), List.copyOf(file.tensors().keySet()));
        assertArrayEquals(new float[] {2, 2}, file.tensor("a2").toFloats());
        assertArrayEquals(new float[] {1, 3, 4}, file.tensor("b1").toFloats());
        assertEquals("llama", file.metadata().architecture());
        assertEquals(bytes, file.fileBytes());
        assertEquals(3, file.parts().size());
      }
    }
  }

  @Test
  void closingEndsAllParts() {
    GgufFile file = GgufFile.open(parts[0]);
    TensorView last = file.tensor("c");
    file.close();
    assertThrows(IllegalStateException.class, last::toFloats);
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    Files.delete(parts[1]);
    assertRefused(parts[0], "part 2 of 3", "missing", parts[1].toString());
    assertRefused(parts[2], "part 2 of 3", "missing", parts[1].toString());
  }

  @Test
  void aPartUnderAnotherNameIsRefused() throws IOException {
    Path renamed = Files.copy(parts[0], folder.resolve("renamed.gguf"));
    assertRefused(renamed, "part 1 of 3", "NAME-00001-of-00003.gguf", "'renamed.gguf'");
    Files.copy(parts[1], path(0), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(parts[0], "part 2 of 3", "NAME-00002-of-00003.gguf");
    assertRefused(parts[2], "model-00001-of-00003.gguf", "part 1 of 3", "part 2 of 3");
  }

  @Test
  void aPartOfAnotherModelIsRefused() {
    write(1, part(1, 4));
    assertRefused(parts[0], "model-00002-of-00003.gguf", "part 2 of 3", "part 2 of 4");
    write(1, part(1, 3).tensor("c", DType.F32, new float[] {7}, 1));
    assertRefused(parts[0], "'c'", "model-00002-of-00003.gguf", "model-00003-of-00003.gguf");
    write(1, part(1, 3).tensor("d", DType.F32, new float[] {7}, 1));
    assertRefused(parts[0], "split.tensors.count", "5 tensors", "got 6");
    write(1, new TestGguf());
    assertRefused(parts[0], "model-00002-of-00003.gguf", "split.count");
  }

  @Test
  void hostileNumbersAreRefused() {
    write(0, part(0, 3).u32("x", 1));
    var huge =
        new TestGguf()
            .u32("split.no", 0)
            .u32("split.count", 0xFFFF_FFFFL)
            .write()
            .writeTo(folder.resolve("m-00001-of-99999.gguf"));
    assertRefused(huge, "split.count", "0 to 65535");
    var beyond = new TestGguf().u32("split.no", 3).u32("split.count", 3);
    write(1, beyond);
    assertRefused(parts[1], "split.no", "0 to 2");
  }

  /// Whatever a part says: our exceptions only.
  @Test
  void brokenPartsGiveOnlyOurExceptions() throws IOException {
    for (int number = 0; number < 3; number++) {
      TestGguf.Written good = part(number, 3).write();
      Path path = path(number);
      var random = Seeds.random("split" + number);
      GgufMutations.flips(
          good, good.bytes().length, random, 400, mutant -> open(path, mutant.bytes()));
      GgufMutations.truncations(good, random, 60, mutant -> open(path, mutant.bytes()));
      GgufMutations.extremes(good, mutant -> open(path, mutant.bytes()));
      good.writeTo(path);
    }
  }

  private void open(Path path, byte[] bytes) {
    try {
      Files.write(path, bytes);
      GgufFile.open(parts[0]).close();
    } catch (VlmException e) {
      assertTrue(e.getMessage().length() < 2000, e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      fail(Seeds.hint(), e);
    }
  }

  private static void assertRefused(Path path, String... words) {
    VlmException e = assertThrows(VlmException.class, () -> GgufFile.open(path).close());
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), word + " in: " + e.getMessage());
    }
  }
}
