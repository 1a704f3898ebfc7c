// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.tokenizer.BpeTokenizerProvider;
import dev.alcedo.runtime.api.internal.tokenizer.SpmTokenizerProvider;
import dev.alcedo.runtime.api.internal.tokenizer.UgmTokenizerProvider;
import dev.alcedo.runtime.api.internal.tokenizer.WpmTokenizerProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.TestGguf;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each published weakness of other GGUF loaders that a file's metadata, tensor list or tokenizer
/// tables can trigger, by name: what happened there, and that here it is one clear error.
///
/// Elsewhere: images (`vision-pipeline`), mmproj keys (`MmprojConfig` and its like), chat templates
/// that run code (`internal.template` has no way to), grammars and requests (`launcher`).
class PublishedWeaknessesTest {
  private static final TestGguf.Written GOOD =
      new TestGguf()
          .string("general.name", "good")
          .strings("tokens", List.of("a", "b"))
          .tensor("t", DType.F32, new float[64], 2, 32)
          .tensor("u", DType.Q8_0, new float[64], 2, 32)
          .write();

  private static GgufHeader header(byte[] bytes) {
    return GgufHeader.read("bad.gguf", MemorySegment.ofArray(bytes));
  }

  private static ModelFormatException refused(byte[] bytes) {
    return assertThrows(ModelFormatException.class, () -> header(bytes));
  }

  private static void assertSays(VlmException error, String... parts) {
    assertTrue(error.getMessage().startsWith("bad.gguf: "), error.getMessage());
    for (String part : parts) {
      assertTrue(
          error.getMessage().contains(part), () -> "'" + part + "' in: " + error.getMessage());
    }
  }

  private static byte[] patch(byte[] bytes, int at, long value) {
    byte[] copy = bytes.clone();
    for (int i = 0; i < 8; i++) {
      copy[at + i] = (byte) (value >> 8 * i);
    }
    return copy;
  }

  /// Tokenizer tables as a file has them; `key` may be written in another way by the test.
  private static TestGguf tokenizer(String model, String... without) {
    List<String> skipped = List.of(without);
    var file = new TestGguf().string("tokenizer.ggml.model", model);
    if (!skipped.contains("tokens")) {
      file.strings("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", "<0x00>", "a", "b"));
    }
    if (!skipped.contains("token_type")) {
      file.i32s("tokenizer.ggml.token_type", 2, 3, 3, 6, 1, 1);
    }
    if (!skipped.contains("scores")) {
      file.f32s("tokenizer.ggml.scores", 0, 0, 0, 0, -1, -2);
    }
    if (!skipped.contains("merges")) {
      file.strings("tokenizer.ggml.merges", List.of("a b"));
    }
    return file.u32("tokenizer.ggml.bos_token_id", 1).u32("tokenizer.ggml.seperator_token_id", 2);
  }

  private static Tokenizer open(TestGguf file) {
    Metadata metadata = header(file.write().bytes()).metadata();
    for (TokenizerProvider provider :
        List.of(
            new BpeTokenizerProvider(),
            new SpmTokenizerProvider(),
            new UgmTokenizerProvider(),
            new WpmTokenizerProvider())) {
      if (provider.supports(metadata).isSupported()) {
        return provider.open(metadata);
      }
    }
    throw new IllegalArgumentException("no provider");
  }

  private static ModelFormatException tablesRefused(TestGguf file) {
    return assertThrows(ModelFormatException.class, () -> open(file));
  }

  /// llama.cpp PR 26318: `general.alignment` of another type.
  @Test
  void pr_26318_alignment_is_a_uint32() {
    assertSays(
        refused(new TestGguf().string("general.alignment", "32").write().bytes()),
        "'general.alignment'",
        "expected a UINT32, got a STRING");
    assertSays(
        refused(
            new TestGguf().raw("general.alignment", TestGguf.UINT64, new byte[8]).write().bytes()),
        "got a UINT64");
  }

  /// CVE-2025-53630, CVE-2026-27940: the size of a tensor wraps around.
  @Test
  void cve_2025_53630_and_cve_2026_27940_tensor_sizes_do_not_wrap() {
    var four = new TestGguf().tensor("t", DType.F32, new float[1], 1, 1, 1, 1).write();
    byte[] wide = four.bytes().clone();
    for (String field : List.of("dim0:t", "dim1:t", "dim2:t", "dim3:t")) {
      wide = patch(wide, four.field(field).offset(), Integer.MAX_VALUE);
    }
    assertSays(refused(wide), "expected fewer than 2^63 elements");
    byte[] deep = four.bytes().clone();
    for (String field : List.of("dim0:t", "dim1:t")) {
      deep = patch(deep, four.field(field).offset(), Integer.MAX_VALUE);
    }
    assertSays(refused(deep), "expected a size below 2^63 bytes");
  }

  /// CVE-2026-7482: data beyond the end of the file.
  @Test
  void cve_2026_7482_tensors_lie_inside_the_file() {
    long last = GOOD.field("data:u").offset() - GOOD.field("data:t").offset();
    assertSays(refused(GOOD.with("offset:u", last + 32)), "too early");
    assertSays(refused(GOOD.with("dim1:u", 3)), "data of tensor 'u'", "too early");
  }

  /// ggml PR 1516, ollama#17042: a header that asks for far more memory than its file has bytes.
  @Test
  void ggml_pr_1516_heap_for_the_header_is_bounded() {
    byte[] pairs = {1, 0, 0, 0, 0, 0, 0, 0, 'k', 9, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0};
    byte[] bytes = Arrays.copyOf(pairs, pairs.length + 100);
    var cursor = new GgufCursor("bad.gguf", MemorySegment.ofArray(bytes), 900);
    var error =
        assertThrows(ModelFormatException.class, () -> new GgufMetadataReader(cursor).read(1));
    assertSays(error, "array 'k'", "at most 900 bytes of memory");
  }

  /// llama.cpp PR 26318: padding to an alignment that wraps around.
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 48, 0x8000_0000L, 0xffff_fff0L, 0xffff_ffffL})
  void pr_26318_alignment_is_bounded(long alignment) {
    byte[] bytes = new TestGguf().u32("general.alignment", alignment).write().bytes();
    assertSays(refused(bytes), "general.alignment");
  }

  /// llama.cpp PR 26318: an offset whose padding wraps around.
  @ParameterizedTest
  @ValueSource(longs = {-1, -32, Long.MAX_VALUE, Long.MAX_VALUE - 31, 1L << 62})
  void pr_26318_offsets_do_not_wrap(long offset) {
    assertSays(refused(GOOD.with("offset:u", offset)), "tensor 'u'");
  }

  /// llama.cpp PR 18586: a dimension of zero, which the loader divided by.
  @ParameterizedTest
  @ValueSource(strings = {"dim0:t", "dim1:t", "dim0:u", "dim1:u"})
  void pr_18586_dimensions_are_not_zero(String field) {
    assertSays(refused(GOOD.with(field, 0)), "expected 1 to 2147483647, got 0");
    assertSays(refused(GOOD.with(field, -1)), "got 18446744073709551615");
  }

  /// llama.cpp PR 24263: an empty key.
  @Test
  void pr_24263_keys_are_not_empty() {
    assertSays(
        refused(new TestGguf().u32("", 1).write().bytes()), "key", "expected 1 to 65535, got 0");
  }

  /// A key that is there twice: the loader checked the first and used the second.
  @Test
  void keys_are_there_once() {
    assertSays(
        refused(new TestGguf().u32("k", 1).string("k", "x").write().bytes()),
        "expected every key once, got 'k' twice");
  }

  /// ggml PR 1516 and ollama#17042: a file of 160 bytes that says it holds a string or an array of
  /// 1 GiB, and a loader that believes it.
  @ParameterizedTest
  @ValueSource(longs = {1L << 20, 1L << 27, 1L << 30, 1L << 32, Long.MAX_VALUE, -1})
  void ggml_pr_1516_and_ollama_17042_lengths_are_checked_before_memory_is_taken(long length) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (byte[] bytes :
        List.of(
            GOOD.with("value:general.name", length),
            GOOD.with("length:tokens", length),
            GOOD.with("key:general.name", length),
            GOOD.with("name:t", length))) {
      long before = threads.getCurrentThreadAllocatedBytes();
      refused(bytes);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 1 << 20, () -> allocated + " bytes allocated");
    }
  }

  /// ggml PR 1516 and ollama#17042: counts of keys and tensors.
  @ParameterizedTest
  @ValueSource(longs = {1000, 65_536, 131_072, 1L << 32, Long.MAX_VALUE, -1})
  void ggml_pr_1516_and_ollama_17042_counts_are_checked(long count) {
    refused(GOOD.with("keyCount", count));
    refused(GOOD.with("tensorCount", count));
  }

  /// PLaMo-2 (llama.cpp PR 25969, issue 27226): `<0x-1>` parsed with its sign, and written before
  /// an array.
  @ParameterizedTest
  @ValueSource(strings = {"<0x-1>", "<0x+1>", "<0x 1>", "<0x1>", "<0x100>", "<0xGG>", "<0x１２>"})
  void pr_25969_byte_tokens_have_no_sign(String piece) {
    for (String model : List.of("llama", "t5", "bert", "gpt2")) {
      var file =
          tokenizer(model, "tokens")
              .strings("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", piece, "a", "b"));
      assertSays(tablesRefused(file), "byte token spelled '<0xNN>'", "id 3");
    }
  }

  /// llama.cpp PR 26690: the type of an array's elements was not looked at before the cast.
  @Test
  void pr_26690_array_elements_have_the_type_that_is_read() {
    assertSays(
        tablesRefused(tokenizer("llama", "tokens").i32s("tokenizer.ggml.tokens", 1, 2, 3)),
        "tokenizer.ggml.tokens",
        "array of strings");
    assertSays(
        tablesRefused(
            tokenizer("llama", "token_type").f32s("tokenizer.ggml.token_type", 1, 1, 1, 1, 1, 1)),
        "tokenizer.ggml.token_type",
        "array of integers");
    assertSays(
        tablesRefused(
            tokenizer("llama", "scores").strings("tokenizer.ggml.scores", List.of("1", "2"))),
        "tokenizer.ggml.scores",
        "array of numbers");
    assertSays(
        tablesRefused(tokenizer("gpt2", "merges").i32s("tokenizer.ggml.merges", 1)),
        "tokenizer.ggml.merges",
        "array of strings");
    assertSays(
        tablesRefused(tokenizer("gpt2", "merges").string("tokenizer.ggml.merges", "a b")),
        "tokenizer.ggml.merges",
        "array of strings");
    assertSays(
        tablesRefused(
            tokenizer("t5").strings("tokenizer.ggml.precompiled_charsmap", List.of("\u0000"))),
        "precompiled_charsmap",
        "array of integers");
  }

  /// llama.cpp PR 26690: tables shorter than the vocabulary were read past their end.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 7, 1000})
  void pr_26690_tables_are_as_long_as_the_vocabulary(int length) {
    var types = new int[length];
    Arrays.fill(types, 1);
    assertSays(
        tablesRefused(tokenizer("gpt2", "token_type").i32s("tokenizer.ggml.token_type", types)),
        "token_type",
        "expected 6 entries");
    assertSays(
        tablesRefused(
            tokenizer("llama", "scores").f32s("tokenizer.ggml.scores", new float[length])),
        "scores",
        "expected 6 entries");
    assertSays(
        tablesRefused(tokenizer("t5", "scores").f32s("tokenizer.ggml.scores", new float[length])),
        "scores",
        "expected 6 entries");
  }

  /// CVE-2025-49847 (GHSA-8wwf-w4qm-gpqr): the length of a piece, cast to a smaller signed type,
  /// passed a check of the buffer that it was copied to.
  @Test
  void cve_2025_49847_long_pieces_are_refused_or_come_out_whole() {
    String longest = "x".repeat(4096);
    List<String> pieces = List.of("<unk>", "<s>", "</s>", "<0x00>", longest, "x");
    Tokenizer tokenizer =
        open(tokenizer("llama", "tokens").strings("tokenizer.ggml.tokens", pieces));
    assertArrayEquals(longest.getBytes(StandardCharsets.UTF_8), tokenizer.bytes(4, true));
    assertEquals(longest, tokenizer.decode(new int[] {1, 4, 2}, false));
    var longer = List.of("<unk>", "<s>", "</s>", "<0x00>", longest + "x", "x");
    assertSays(
        tablesRefused(tokenizer("llama", "tokens").strings("tokenizer.ggml.tokens", longer)),
        "at most 4096 characters",
        "4097",
        "id 4");
  }

  /// CVE-2025-49847 again: special ids outside the vocabulary.
  @ParameterizedTest
  @ValueSource(longs = {6, 7, 1 << 20, Integer.MAX_VALUE, 0x8000_0000L, 0xffff_fffeL})
  void cve_2025_49847_special_ids_lie_in_the_vocabulary(long id) {
    for (String key : List.of("eos", "eot", "eom", "unknown")) {
      String name = "tokenizer.ggml." + key + "_token_id";
      assertSays(tablesRefused(tokenizer("llama").u32(name, id)), name, "0 to 5");
    }
  }

  /// A trie of SentencePiece's normalisation table that leads out of the table (llama.cpp checks
  /// that since 2024; before, it read whatever was there).
  @Test
  void a_charsmap_does_not_lead_out_of_itself() {
    byte[] map = new byte[4 + 8 + 2];
    map[0] = 8; // two units, whose root leads far away
    map[6] = (byte) 0xff;
    Tokenizer tokenizer =
        open(
            tokenizer("t5")
                .array("tokenizer.ggml.precompiled_charsmap", TestGguf.UINT8, map.length, map));
    var error =
        assertThrows(
            ModelFormatException.class, () -> tokenizer.encode("a", false, TextTrust.NONE));
    assertSays(error, "precompiled_charsmap", "expected a trie within its 2 units");
  }
}
