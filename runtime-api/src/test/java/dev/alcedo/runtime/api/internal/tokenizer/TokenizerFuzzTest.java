// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables with entries of wrong values, types and lengths: one of our exceptions, or a tokenizer
/// that encodes and decodes without any other; never more memory than the tables justify.
@ExtendWith(Seeds.class)
class TokenizerFuzzTest {
  private static final int ROUNDS = 4_000;
  private static final long BYTES_MAX = 24 << 20; // a word cache and the tables of 300 pieces
  private static final String PREFIX = "tokenizer.ggml.";
  private static final Object[] STRANGE = {
    -1L,
    0L,
    3L,
    255L,
    256L,
    1L << 31,
    0xffff_ffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1.5,
    Double.NaN,
    Double.NEGATIVE_INFINITY,
    true,
    false,
    "",
    "x",
    "default",
    "<0x-1>",
    List.of(),
    List.of("a"),
    new long[0],
    new long[] {-1},
    new double[0],
    new double[] {Double.NaN},
    new boolean[] {true},
  };
  private static final String[] PIECES = {
    "",
    " ",
    "a",
    "▁",
    "▁▁",
    "<0x-1>",
    "<0x00>",
    "<0xFF>",
    "<0xff>",
    "<s>",
    "</s>",
    "<|im_end|>",
    "\0",
    "\udc80",
    "\ud83d",
    "🐦",
    "\n",
    "a b",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "Ġ",
    "[EMPTY_3]",
  };

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static Map<String, Object> tables(String kind) {
    SmallVocabulary vocabulary =
        switch (kind) {
          case "spm" -> SmallVocabulary.spm().letters("abc").add("ab", 1, -1).add("▁a", 1, -2);
          case "ugm" ->
              SmallVocabulary.ugm()
                  .letters("abc▁")
                  .add("ab", 4)
                  .set(
                      PREFIX + "precompiled_charsmap", CharsMapTest.map(Map.of("a", "b", "é", "")));
          case "wpm" -> SmallVocabulary.wpm().letters("abc").add("▁a", 1).add("bc", 1);
          default -> SmallVocabulary.bpe(kind).merge("a", "b").merge("ab", "c").add("<|x|>", 4);
        };
    Metadata metadata =
        vocabulary
            .set(PREFIX + "eos_token_id", 2L)
            .set(PREFIX + "add_eos_token", true)
            .set("tokenizer.chat_template", "{{ x }}")
            .metadata();
    Map<String, Object> values = new HashMap<>();
    metadata.keys().forEach(key -> values.put(key, metadata.value(key)));
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spm", "ugm", "wpm", "gpt-2", "llama-bpe", "gemma4", "tekken", "deepseek-v3"})
  void broken_tables(String kind) {
    Map<String, Object> good = tables(kind);
    Random random = Seeds.random("tables of " + kind);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Object> bad = new HashMap<>(good);
      List<String> keys = new ArrayList<>(good.keySet());
      keys.sort(null);
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        String key = keys.get(random.nextInt(keys.size()));
        @Nullable Object broken = broken(bad.get(key), random);
        if (broken == null) {
          bad.remove(key);
        } else {
          bad.put(key, broken);
        }
      }
      refused += use(new Metadata("fuzz.gguf", bad), round) ? 0 : 1;
    }
    int times = refused;
    assertTrue(times > ROUNDS / 5 && times < ROUNDS, () -> times + " refused; " + Seeds.hint());
  }

  private static @Nullable Object broken(@Nullable Object value, Random random) {
    if (value == null || random.nextInt(4) == 0) {
      return random.nextInt(4) == 0 ? null : STRANGE[random.nextInt(STRANGE.length)];
    }
    return switch (value) {
      case List<?> list -> brokenList(list, random);
      case long[] longs -> {
        long[] copy = Arrays.copyOf(longs, length(longs.length, random));
        if (copy.length > 0) {
          copy[random.nextInt(copy.length)] =
              new long[] {-1, 0, 3, 6, 7, 255, Long.MAX_VALUE}[random.nextInt(7)];
        }
        yield copy;
      }
      case double[] doubles -> {
        double[] copy = Arrays.copyOf(doubles, length(doubles.length, random));
        if (copy.length > 0) {
          copy[random.nextInt(copy.length)] =
              new double[] {Double.NaN, 1e300, -1e300, Double.POSITIVE_INFINITY, -0.0}
                  [random.nextInt(5)];
        }
        yield copy;
      }
      default -> STRANGE[random.nextInt(STRANGE.length)];
    };
  }

  private static List<String> brokenList(List<?> list, Random random) {
    List<String> copy = new ArrayList<>();
    list.forEach(item -> copy.add((String) item));
    switch (random.nextInt(4)) {
      case 0 -> copy.add(PIECES[random.nextInt(PIECES.length)]);
      case 1 -> copy.subList(length(copy.size(), random) % (copy.size() + 1), copy.size()).clear();
      default -> {
        if (!copy.isEmpty()) {
          copy.set(random.nextInt(copy.size()), PIECES[random.nextInt(PIECES.length)]);
        }
      }
    }
    return copy;
  }

  private static int length(int length, Random random) {
    return random.nextInt(3) == 0 ? Math.max(0, length - 1 + random.nextInt(3)) : length;
  }

  /// Whether the tables could be used.
  private boolean use(Metadata metadata, int round) {
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean isUsed = false;
    try {
      for (var provider : SharedVocabulary.providers().toList()) {
        if (provider.supports(metadata).isSupported()) {
          use(provider.open(metadata));
          isUsed = true;
        }
      }
    } catch (VlmException e) {
      assertTrue(e.getMessage().startsWith("fuzz.gguf: "), e.getMessage());
      assertTrue(e.getMessage().length() < 2000, e.getMessage());
    } catch (RuntimeException | Error e) {
      fail("round %d; %s".formatted(round, Seeds.hint()), e);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < BYTES_MAX, () -> allocated + " bytes; " + Seeds.hint());
    return isUsed;
  }

  private static void use(Tokenizer tokenizer) {
    for (TextTrust trust : new TextTrust[] {TextTrust.NONE, TextTrust.ALL}) {
      int[] ids = tokenizer.encode("abc <s> ab\n\nééc 🐦 <|x|>a\0<0x00>12345 ▁", true, trust);
      for (int id : ids) {
        assertTrue(id >= 0 && id < tokenizer.vocabSize(), () -> "id " + id);
      }
      tokenizer.decode(ids, false);
      tokenizer.decode(ids, true);
    }
    tokenizer.beginId().ifPresent(tokenizer::piece);
    tokenizer.endId().ifPresent(tokenizer::piece);
    tokenizer.chatTemplate();
  }
}
