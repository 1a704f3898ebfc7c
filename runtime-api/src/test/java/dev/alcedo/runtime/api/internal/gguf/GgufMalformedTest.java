// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.TestGguf;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One field broken at a time: what the error says. The published weaknesses of other loaders are
/// in [PublishedWeaknessesTest].
class GgufMalformedTest {
  private static final TestGguf.Written GOOD =
      new TestGguf()
          .alignment(32)
          .string("general.name", "good")
          .strings("tokens", List.of("a", "b"))
          .bool("flag", true)
          .raw("big", TestGguf.UINT64, new byte[8])
          .tensor("t", DType.F32, new float[64], 2, 32)
          .tensor("u", DType.Q8_0, new float[64], 2, 32)
          .write();

  private static VlmException read(byte[] bytes) {
    return assertThrows(
        VlmException.class, () -> GgufHeader.read("bad.gguf", MemorySegment.ofArray(bytes)));
  }

  private static void assertSays(VlmException error, String... parts) {
    assertTrue(error.getMessage().startsWith("bad.gguf: "), error.getMessage());
    for (String part : parts) {
      assertTrue(
          error.getMessage().contains(part), () -> "'" + part + "' in: " + error.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version            | 0                    | expected 2 or 3, got 0
          tensorCount        | 131073               | tensor count at byte 8: expected 0 to 131072, got 131073
          tensorCount        | -1                   | got 18446744073709551615
          tensorCount        | 131072               | tensor list at byte
          keyCount           | 65537                | metadata count at byte 16: expected 0 to 65536
          keyCount           | 65536                | too early
          key:general.name   | 0                    | expected 1 to 65535, got 0
          key:general.name   | 65536                | expected 1 to 65535, got 65536
          key:general.name   | 60000                | too early
          key:general.name   | -5                   | expected 1 to 65535
          type:general.name  | 13                   | expected a value type from 0 to 12, got 13
          type:general.name  | 4294967295           | expected a value type from 0 to 12, got 4294967295
          value:general.name | 134217729            | value of metadata key 'general.name'
          value:general.name | 1000000              | too early
          value:general.name | 9223372036854775807  | expected 0 to 134217728, got 9223372036854775807
          elementType:tokens | 13                   | expected a value type from 0 to 12, got 13
          length:tokens      | 16777217             | length of the array 'tokens' at byte
          length:tokens      | 1000000              | expected at least 8000000 more bytes
          length:tokens      | -1                   | expected 0 to 16777216, got 18446744073709551615
          value:big          | -1                   | expected at most 9223372036854775807, got 18446744073709551615
          value:general.alignment | 0               | general.alignment
          value:general.alignment | 4               | general.alignment
          value:general.alignment | 48              | expected a power of two, got 48
          value:general.alignment | 2097152         | expected 8 to 1048576, got 2097152
          value:general.alignment | 4294967295      | expected 8 to 1048576, got 4294967295
          name:t             | 0                    | name of tensor 1 of 2 at byte
          name:t             | 256                  | expected 1 to 255, got 256
          rank:t             | 0                    | expected 1 to 4, got 0
          rank:t             | 5                    | expected 1 to 4, got 5
          dim0:t             | 0                    | expected 1 to 2147483647, got 0
          dim1:t             | 0                    | dimensions of tensor 't' at byte
          dim1:t             | -1                   | expected 1 to 2147483647, got 18446744073709551615
          dim0:u             | 33                   | rows of a multiple of 32 elements for Q8_0, got rows of 33
          offset:t           | 1                    | offset of tensor 't' at byte
          offset:t           | 16                   | expected a multiple of 32, got 16
          offset:t           | -32                  | got 18446744073709551584
          offset:u           | 9223372036854775776  | expected data inside the file's
          offset:u           | 1152921504606846976  | too early
          dim1:t             | 2147483647           | data of tensor 't'
          """)
  void a_broken_number_is_named(String field, String value, String expected) {
    var error = read(GOOD.with(field, Long.parseLong(value)));
    assertInstanceOf(ModelFormatException.class, error);
    assertSays(error, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version            | 1          | old GGUF version 1
          version            | 4          | GGUF version 4
          version            | 50331648   | big-endian
          elementType:tokens | 9          | array of arrays
          dtype:t            | 4          | tensor 't' has element type 4
          dtype:u            | 4294967295 | tensor 'u' has element type 4294967295
          """)
  void a_file_that_is_not_ours_is_unsupported(String field, String value, String expected) {
    var error = read(GOOD.with(field, Long.parseLong(value)));
    assertInstanceOf(UnsupportedModelException.class, error);
    assertSays(error, expected);
  }

  @Test
  void the_unbroken_file_reads() {
    assertEquals(2, GgufHeader.read("good", MemorySegment.ofArray(GOOD.bytes())).tensors().size());
  }

  @Test
  void a_cut_file_says_how_much_is_missing() {
    byte[] all = GOOD.bytes();
    // The last tensor's 68 bytes are followed by padding, which nobody needs.
    int needed = GOOD.field("data:u").offset() + 68;
    var whole = MemorySegment.ofArray(Arrays.copyOf(all, needed));
    assertEquals(2, GgufHeader.read("good", whole).tensors().size());
    assertSays(
        read(Arrays.copyOf(all, needed - 7)),
        "data of tensor 'u': expected a file of at least %d bytes, got %d"
            .formatted(needed, needed - 7),
        "ends 7 bytes too early",
        "download is probably incomplete");
    assertSays(read(Arrays.copyOf(all, 20)), "metadata count at byte 16", "ends 4 bytes too early");
  }

  @Test
  void repeated_keys_and_tensors_are_refused() {
    assertSays(
        read(new TestGguf().u32("k", 1).u32("k", 2).write().bytes()),
        "metadata key 2 of 2",
        "expected every key once, got 'k' twice");
    assertSays(
        read(
            new TestGguf()
                .tensor("t", DType.F32, new float[1], 1)
                .tensor("t", DType.F32, new float[1], 1)
                .write()
                .bytes()),
        "expected every tensor once, got 't' twice");
  }

  @Test
  void booleans_are_0_or_1() {
    byte[] bytes = GOOD.bytes().clone();
    bytes[GOOD.field("value:flag").offset()] = 2;
    assertSays(read(bytes), "value of metadata key 'flag'", "expected a boolean, 0 or 1, got 2");
    assertSays(
        read(new TestGguf().array("b", TestGguf.BOOL, 2, new byte[] {1, -1}).write().bytes()),
        "element 1 of array 'b'",
        "got 255");
  }

  @Test
  void keys_and_names_are_utf8_and_printed_without_control_characters() {
    byte[] bytes = GOOD.bytes().clone();
    bytes[GOOD.field("key:flag").offset() + 8] = (byte) 0xFF;
    assertSays(read(bytes), "expected UTF-8 text, got '\\udcfflag'");
    assertSays(
        read(new TestGguf().raw("a\u001b[2J\u202e\n", 99, new byte[0]).write().bytes()),
        "'a\\u001b[2J\\u202e\\u000a'");
  }
}
