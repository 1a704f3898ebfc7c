// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// SentencePiece's double-array tries, made here and read there; and broken ones.
class CharsMapTest {
  private static final String KEY = "tokenizer.ggml.precompiled_charsmap";

  /// A node of the trie to be laid out.
  private static final class Node {
    final TreeMap<Integer, Node> children = new TreeMap<>();
    int replacement = -1;
  }

  /// The table for `replacements`, as a file has it.
  static long[] map(Map<String, String> replacements) {
    var root = new Node();
    var texts = new ByteArrayOutputStream();
    for (var entry : new TreeMap<>(replacements).entrySet()) {
      Node node = root;
      for (byte b : entry.getKey().getBytes(UTF_8)) {
        node = node.children.computeIfAbsent(b & 0xff, _ -> new Node());
      }
      node.replacement = texts.size();
      texts.writeBytes(entry.getValue().getBytes(UTF_8));
      texts.write(0);
    }
    Map<Integer, Integer> units = new HashMap<>();
    Set<Integer> taken = new HashSet<>(Set.of(0));
    units.put(0, place(root, units, taken) << 10);
    int size = units.keySet().stream().mapToInt(i -> i | 255).max().orElseThrow() + 1;
    var out = new ByteArrayOutputStream();
    writeUnit(4 * size, out);
    for (int i = 0; i < size; i++) {
      writeUnit(units.getOrDefault(i, 0), out);
    }
    out.writeBytes(texts.toByteArray());
    return longs(out.toByteArray());
  }

  private static int place(Node node, Map<Integer, Integer> units, Set<Integer> taken) {
    Set<Integer> labels = new HashSet<>(node.children.keySet());
    labels.add(0); // a base is never shared, whether or not a replacement stands there
    int base = 1;
    while (collides(base, labels, taken)) {
      base++;
    }
    int chosen = base;
    labels.forEach(label -> taken.add(chosen ^ label));
    if (node.replacement >= 0) {
      units.put(base, node.replacement | 1 << 31);
    }
    for (var child : node.children.entrySet()) {
      int at = base ^ child.getKey();
      int leaf = child.getValue().replacement >= 0 ? 1 << 8 : 0;
      int offset = at ^ place(child.getValue(), units, taken);
      units.put(at, child.getKey() | leaf | offset << 10);
    }
    return base;
  }

  private static boolean collides(int base, Set<Integer> labels, Set<Integer> taken) {
    return labels.stream().anyMatch(label -> taken.contains(base ^ label));
  }

  private static void writeUnit(int unit, ByteArrayOutputStream out) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(unit >> shift);
    }
  }

  private static long[] longs(byte[] bytes) {
    var longs = new long[bytes.length];
    Arrays.setAll(longs, i -> bytes[i]);
    return longs;
  }

  private static CharsMap read(long... bytes) {
    return CharsMap.of(new Metadata("map.gguf", Map.of(KEY, bytes)));
  }

  private static String replace(CharsMap map, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    var out = new NormalizedText(new NormalizedText.Rules(false, false), 0);
    for (int at = 0; at < bytes.length; ) {
      CharsMap.Match match = map.find(bytes, at);
      if (match.length() > 0) {
        map.replace(match, out);
        at += match.length();
      } else {
        out.add(bytes[at++]);
      }
    }
    return out.toString();
  }

  @Test
  void the_longest_sequence_is_replaced() {
    CharsMap map = read(map(Map.of("a", "1", "ab", "2", "abcd", "3", "é", "")));
    assertEquals("1x2c3", replace(map, "axabcéabcd"));
    assertEquals("2c", replace(map, "abc"));
  }

  @Test
  void no_table_replaces_nothing() {
    CharsMap map = CharsMap.of(new Metadata("map.gguf", Map.of()));
    assertEquals("añb", replace(map, "añb"));
  }

  @Test
  void tables_that_contradict_themselves_are_refused() {
    for (long[] bytes :
        new long[][] {{}, {1, 2, 3}, {4, 0, 0, 0}, {4, 0, 0, 0, 1, 1, 1, 1}, {-1, -1, -1, -1, 0}}) {
      var e = assertThrows(ModelFormatException.class, () -> read(bytes));
      assertTrue(e.getMessage().startsWith("map.gguf: metadata key '" + KEY), e.getMessage());
    }
    assertThrows(ModelFormatException.class, () -> read(0, 0, 0, 0, 256));
    assertThrows(ModelFormatException.class, () -> read(0, 0, 0, 0, -129));
  }

  @Test
  void replacements_end_and_are_not_endless() {
    long[] good = map(Map.of("a", "b"));
    var e =
        assertThrows(
            ModelFormatException.class,
            () -> replace(read(Arrays.copyOf(good, good.length - 1)), "a"));
    assertTrue(e.getMessage().contains("end with 0"), e.getMessage());
    assertThrows(
        ModelFormatException.class, () -> replace(read(map(Map.of("a", "b".repeat(129)))), "a"));
    assertEquals("b".repeat(128), replace(read(map(Map.of("a", "b".repeat(128)))), "a"));
  }

  @Test
  void fuzzed_tables_give_text_or_one_of_our_exceptions() {
    long[] good = map(Map.of("a", "1", "ab", "22", "日本", "x", "é", "e", "\t", " "));
    Random random = Seeds.random("charsmap");
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      long[] bad = good.clone();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        int at = random.nextInt(3) == 0 ? random.nextInt(80) : random.nextInt(bad.length);
        bad[at] = (byte) random.nextInt(256);
      }
      try {
        replace(read(bad), "aab日本é\tabc\0日");
      } catch (VlmException e) {
        refused++;
      }
    }
    assertTrue(refused > 500, refused + " refused");
  }
}
