// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.testkit.TestGguf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
  @TempDir Path dir;

  private GgufFile open(TestGguf gguf) {
    return GgufFile.open(gguf.write().writeTo(dir.resolve("test.gguf")));
  }

  private static byte[] le(int bytes, long... values) {
    var out = ByteBuffer.allocate(bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      for (int i = 0; i < bytes; i++) {
        out.put((byte) (value >> 8 * i));
      }
    }
    return out.array();
  }

  @Test
  void every_scalar_type_becomes_its_value_class() {
    var gguf =
        new TestGguf()
            .raw("u8", TestGguf.UINT8, le(1, 255))
            .raw("i8", TestGguf.INT8, le(1, -128))
            .raw("u16", TestGguf.UINT16, le(2, 65_535))
            .raw("i16", TestGguf.INT16, le(2, -32_768))
            .raw("u32", TestGguf.UINT32, le(4, 0xFFFF_FFFFL))
            .raw("i32", TestGguf.INT32, le(4, Integer.MIN_VALUE))
            .raw("u64", TestGguf.UINT64, le(8, Long.MAX_VALUE))
            .raw("i64", TestGguf.INT64, le(8, Long.MIN_VALUE))
            .f32("f32", 0.1f)
            .raw("f64", TestGguf.FLOAT64, le(8, Double.doubleToLongBits(0.1)))
            .bool("yes", true)
            .bool("no", false)
            .string("text", "d\u00edg \u2581 \ud83d\udc26\u0000")
            .string("empty", "");
    try (var file = open(gguf)) {
      Metadata metadata = file.metadata();
      assertEquals(255L, metadata.value("u8"));
      assertEquals(-128L, metadata.value("i8"));
      assertEquals(65_535L, metadata.value("u16"));
      assertEquals(-32_768L, metadata.value("i16"));
      assertEquals(0xFFFF_FFFFL, metadata.value("u32"));
      assertEquals((long) Integer.MIN_VALUE, metadata.value("i32"));
      assertEquals(Long.MAX_VALUE, metadata.value("u64"));
      assertEquals(Long.MIN_VALUE, metadata.value("i64"));
      assertEquals((double) 0.1f, metadata.value("f32"));
      assertEquals(0.1, metadata.value("f64"));
      assertEquals(true, metadata.value("yes"));
      assertEquals(false, metadata.value("no"));
      assertEquals("d\u00edg \u2581 \ud83d\udc26\u0000", metadata.value("text"));
      assertEquals("", metadata.value("empty"));
      assertEquals(
          List.of(
              "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "yes", "no",
              "text", "empty"),
          List.copyOf(metadata.keys()));
    }
  }

  @Test
  void every_array_type_becomes_its_value_class() {
    var gguf =
        new TestGguf()
            .array("u8", TestGguf.UINT8, 2, le(1, 0, 255))
            .array("i8", TestGguf.INT8, 2, le(1, 127, -1))
            .array("u16", TestGguf.UINT16, 1, le(2, 65_535))
            .array("i16", TestGguf.INT16, 1, le(2, -2))
            .array("u32", TestGguf.UINT32, 1, le(4, 0xFFFF_FFFFL))
            .i32s("i32", -3, 4)
            .array("u64", TestGguf.UINT64, 1, le(8, 1L << 40))
            .array("i64", TestGguf.INT64, 1, le(8, -1L << 40))
            .f32s("f32", 0.5f, -2)
            .array("f64", TestGguf.FLOAT64, 1, le(8, Double.doubleToLongBits(1e300)))
            .array("bool", TestGguf.BOOL, 3, le(1, 1, 0, 1))
            .strings("text", List.of("a", "", "\u2581b"))
            .array("none", TestGguf.STRING, 0, new byte[0]);
    try (var file = open(gguf)) {
      Metadata metadata = file.metadata();
      assertArrayEquals(new long[] {0, 255}, (long[]) metadata.value("u8"));
      assertArrayEquals(new long[] {127, -1}, (long[]) metadata.value("i8"));
      assertArrayEquals(new long[] {65_535}, (long[]) metadata.value("u16"));
      assertArrayEquals(new long[] {-2}, (long[]) metadata.value("i16"));
      assertArrayEquals(new long[] {0xFFFF_FFFFL}, (long[]) metadata.value("u32"));
      assertArrayEquals(new long[] {-3, 4}, (long[]) metadata.value("i32"));
      assertArrayEquals(new long[] {1L << 40}, (long[]) metadata.value("u64"));
      assertArrayEquals(new long[] {-1L << 40}, (long[]) metadata.value("i64"));
      assertArrayEquals(new double[] {0.5, -2}, (double[]) metadata.value("f32"));
      assertArrayEquals(new double[] {1e300}, (double[]) metadata.value("f64"));
      assertArrayEquals(new boolean[] {true, false, true}, (boolean[]) metadata.value("bool"));
      assertEquals(List.of("a", "", "\u2581b"), metadata.strings("text"));
      assertEquals(List.of(), metadata.strings("none"));
    }
  }

  @Test
  void shapes_are_outermost_first_and_data_is_where_it_was_put() {
    var matrix = new float[] {1, 2, 3, 4, 5, 6};
    var gguf =
        new TestGguf()
            .tensor("second.weight", DType.F32, matrix, 2, 3)
            .tensor("first.weight", DType.F16, new float[] {0.5f, -1}, 2)
            .tensor("four", DType.F32, new float[24], 4, 3, 2, 1)
            .tensor("quantised", DType.Q8_0, new float[64], 2, 32);
    try (var file = open(gguf)) {
      assertEquals(
          List.of("second.weight", "first.weight", "four", "quantised"),
          List.copyOf(file.tensors().keySet()));
      assertEquals(Shape.of(2, 3), file.tensor("second.weight").shape());
      assertArrayEquals(matrix, file.tensor("second.weight", 2, 3).toFloats());
      assertEquals(Shape.of(4, 3, 2, 1), file.tensor("four").shape());
      assertEquals(2 * 34, file.tensor("quantised", 2, 32).byteSize());
      var halves = file.tensor("first.weight", 2).data();
      var layout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      assertEquals(0.5f, Float.float16ToFloat(halves.get(layout, 0)));
      assertEquals(-1f, Float.float16ToFloat(halves.get(layout, 2)));
      assertTrue(halves.isReadOnly());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 4096})
  void data_follows_the_alignment_of_the_file(int alignment) {
    var gguf =
        new TestGguf()
            .alignment(alignment)
            .tensor("a", DType.F32, new float[] {1}, 1)
            .tensor("b", DType.F32, new float[] {2}, 1);
    try (var file = open(gguf)) {
      assertEquals(alignment, file.alignment());
      assertArrayEquals(new float[] {1}, file.tensor("a").toFloats());
      assertArrayEquals(new float[] {2}, file.tensor("b").toFloats());
    }
  }

  @Test
  void version_2_reads_as_version_3_does() {
    byte[] bytes =
        new TestGguf()
            .string("k", "v")
            .tensor("a", DType.F32, new float[] {7}, 1)
            .write()
            .with("version", 2);
    var header = GgufHeader.read("v2.gguf", MemorySegment.ofArray(bytes));
    assertEquals(2, header.version());
    assertArrayEquals(new float[] {7}, header.tensors().get("a").toFloats());
  }

  @Test
  void a_file_without_anything_opens() {
    try (var file = open(new TestGguf())) {
      assertTrue(file.tensors().isEmpty());
      assertTrue(file.metadata().keys().isEmpty());
    }
  }

  @Test
  void tensors_may_share_their_bytes() {
    byte[] bytes =
        new TestGguf()
            .tensor("a", DType.F32, new float[] {1, 2}, 2)
            .tensor("b", DType.F32, new float[] {3, 4}, 2)
            .write()
            .with("offset:b", 0);
    var header = GgufHeader.read("shared.gguf", MemorySegment.ofArray(bytes));
    assertArrayEquals(new float[] {1, 2}, header.tensors().get("b").toFloats());
  }

  @Test
  void tokens_that_are_no_utf8_stay_distinct() {
    var elements =
        new byte[] {1, 0, 0, 0, 0, 0, 0, 0, (byte) 0xE2, 1, 0, 0, 0, 0, 0, 0, 0, (byte) 0x96};
    try (var file = open(new TestGguf().array("tokens", TestGguf.STRING, 2, elements))) {
      List<String> tokens = file.metadata().strings("tokens");
      assertArrayEquals(new byte[] {(byte) 0xE2}, Utf8.encode(tokens.get(0)));
      assertArrayEquals(new byte[] {(byte) 0x96}, Utf8.encode(tokens.get(1)));
    }
  }

  @Test
  void closing_twice_is_fine_and_use_after_it_is_not() throws Exception {
    var file = open(new TestGguf().tensor("a", DType.F32, new float[] {1}, 1));
    var view = file.tensor("a");
    // Another thread than the opener's may close it.
    CompletableFuture.runAsync(file::close).get();
    file.close();
    var error = assertThrows(IllegalStateException.class, file::tensors);
    assertTrue(error.getMessage().contains("test.gguf"), error.getMessage());
    assertThrows(IllegalStateException.class, view::toFloats);
    Files.delete(dir.resolve("test.gguf"));
  }

  @ParameterizedTest
  @ValueSource(longs = {Integer.MAX_VALUE - 8L, Integer.MAX_VALUE, 5L << 30})
  void files_may_be_larger_than_an_array(long bytes) throws Exception {
    Path path = new TestGguf().string("key", "value").write().writeTo(dir.resolve("large.gguf"));
    try (var channel = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      channel.setLength(bytes); // sparse: takes no room on the disk
    }
    try (var file = GgufFile.open(path)) {
      assertEquals("value", file.metadata().value("key"));
    }
  }
}
