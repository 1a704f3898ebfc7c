// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestGguf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  @TempDir Path dir;

  private List<String> names() throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// Two independent writers, one answer.
  @Test
  void writes_the_bytes_that_the_testkit_writes() throws IOException {
    var random = Seeds.random("writer");
    var big = new float[40_000]; // more than the writer's buffer
    for (int i = 0; i < big.length; i++) {
      big[i] = random.nextFloat();
    }
    var expected =
        new TestGguf()
            .string("general.architecture", "llama")
            .u32("u", 0xFFFF_FFFFL)
            .f32("f", -1.5f)
            .bool("b", true)
            .strings("s", List.of("a", "", "\u2581\ud83d\udc26"))
            .i32s("is", -1, 2)
            .u32s("us", 1, -1)
            .f32s("fs", 0.5f, Float.NaN)
            .tensor("one", DType.F32, new float[] {1, 2, 3}, 3)
            .tensor("big", DType.F32, big, 100, 400)
            .tensor("last", DType.F32, new float[] {4}, 1, 1)
            .write();
    Path file = dir.resolve("out.gguf");
    new GgufWriter()
        .string("general.architecture", "llama")
        .u32("u", 0xFFFF_FFFFL)
        .f32("f", -1.5f)
        .bool("b", true)
        .strings("s", List.of("a", "", "\u2581\ud83d\udc26"))
        .i32s("is", -1, 2)
        .u32s("us", 1, -1)
        .f32s("fs", 0.5f, Float.NaN)
        .tensor("one", TensorView.ofFloats(new float[] {1, 2, 3}, 3))
        .tensor("big", DType.F32, Shape.of(100, 400), () -> MemorySegment.ofArray(big))
        .tensor("last", TensorView.ofFloats(new float[] {4}, 1, 1))
        .write(file);
    assertArrayEquals(expected.bytes(), Files.readAllBytes(file));
    assertEquals(List.of("out.gguf"), names());
  }

  @Test
  void what_was_read_can_be_written_again() throws IOException {
    byte[] token = {(byte) 0xE2, 'a'};
    Path first = dir.resolve("first.gguf");
    new GgufWriter()
        .strings("tokens", List.of(Utf8.decode(token, 2)))
        .tensor("t", TensorView.ofFloats(new float[] {1, 2}, 2))
        .write(first);
    Path second = dir.resolve("second.gguf");
    try (var file = GgufFile.open(first)) {
      var writer = new GgufWriter().strings("tokens", file.metadata().strings("tokens"));
      file.tensors().forEach(writer::tensor);
      writer.write(second);
      assertArrayEquals(token, Utf8.encode(file.metadata().strings("tokens").getFirst()));
    }
    assertEquals(-1, Files.mismatch(first, second));
  }

  @Test
  void a_failure_leaves_the_old_file_and_nothing_else() throws IOException {
    Path file = Files.writeString(dir.resolve("model.gguf"), "old");
    var wrongSize =
        new GgufWriter()
            .tensor("a", TensorView.ofFloats(new float[1], 1))
            .tensor("t", DType.F32, Shape.of(4), () -> MemorySegment.ofArray(new byte[15]));
    var error = assertThrows(IllegalStateException.class, () -> wrongSize.write(file));
    assertTrue(error.getMessage().contains("expected 16 bytes, got 15"), error.getMessage());
    var failing =
        new GgufWriter()
            .tensor(
                "t",
                DType.F32,
                Shape.of(4),
                () -> {
                  throw new ArithmeticException("no data");
                });
    assertThrows(ArithmeticException.class, () -> failing.write(file));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("model.gguf"), names());
  }

  @Test
  void a_full_disk_and_a_bad_place_are_named_before_anything_is_written() throws IOException {
    var huge =
        new GgufWriter()
            .tensor(
                "t",
                DType.F32,
                Shape.of(Integer.MAX_VALUE, 1 << 20),
                () -> {
                  throw new AssertionError("asked for data");
                });
    var full =
        assertThrows(ResourceExhaustedException.class, () -> huge.write(dir.resolve("huge.gguf")));
    assertTrue(full.getMessage().contains("free bytes on its disk"), full.getMessage());
    var writer = new GgufWriter();
    assertThrows(InvalidRequestException.class, () -> writer.write(dir));
    var lost = dir.resolve("no-such-folder").resolve("out.gguf");
    var error = assertThrows(InvalidRequestException.class, () -> writer.write(lost));
    assertTrue(error.getMessage().contains("existing folder"), error.getMessage());
    assertEquals(List.of(), names());
  }

  @Test
  void nonsense_is_refused_when_it_is_added() {
    var writer = new GgufWriter().bool("k", true).tensor("t", TensorView.ofFloats(new float[1], 1));
    assertThrows(IllegalArgumentException.class, () -> writer.bool("k", false));
    assertThrows(IllegalArgumentException.class, () -> writer.bool("", false));
    assertThrows(IllegalArgumentException.class, () -> writer.u32("n", -1));
    assertThrows(IllegalArgumentException.class, () -> writer.u32("general.alignment", 64));
    var view = TensorView.ofFloats(new float[1], 1);
    assertThrows(IllegalArgumentException.class, () -> writer.tensor("t", view));
    assertThrows(IllegalArgumentException.class, () -> writer.tensor("x".repeat(64), view));
    assertThrows(
        IllegalArgumentException.class,
        () -> writer.tensor("five", TensorView.ofFloats(new float[1], 1, 1, 1, 1, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> writer.tensor("row", DType.Q8_0, Shape.of(33), () -> view.data()));
  }
}
