// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The long tables of RFC 6386, from a resource: sections 13.4, 13.5, 11.5 and 14.1.
final class Vp8Tables {
  /// Coefficient types, bands, contexts and tree nodes: dimensions of the coefficient tables.
  static final int TYPES = 4;

  static final int BANDS = 8;
  static final int CONTEXTS = 3;
  static final int NODES = 11;

  private static final Map<String, int[]> ALL = load();

  /// `[TYPES, BANDS, CONTEXTS, NODES]`: how likely a probability stays as it is.
  static final int[] COEFFICIENT_UPDATE =
      get("coefficient-update", TYPES * BANDS * CONTEXTS * NODES);

  /// `[TYPES, BANDS, CONTEXTS, NODES]`: probabilities at the start of a key frame.
  static final int[] COEFFICIENT = get("coefficient", TYPES * BANDS * CONTEXTS * NODES);

  /// `[above, left, node]` of the trees of 4x4 prediction modes.
  static final int[] MODE = get("mode", 10 * 10 * 9);

  /// Step of first coefficients by quantiser index.
  static final int[] DC_STEP = get("dc-step", 128);

  /// Step of other coefficients by quantiser index.
  static final int[] AC_STEP = get("ac-step", 128);

  private Vp8Tables() {}

  /// Index of the first node's probability.
  static int index(int type, int band, int context) {
    return ((type * BANDS + band) * CONTEXTS + context) * NODES;
  }

  private static int[] get(String name, int length) {
    int[] table = ALL.get(name);
    if (table == null || table.length != length) {
      throw new IllegalStateException("vp8-tables.txt: table '%s' is wrong".formatted(name));
    }
    return table;
  }

  private static Map<String, int[]> load() {
    try (InputStream in =
        Objects.requireNonNull(Vp8Tables.class.getResourceAsStream("vp8-tables.txt"))) {
      var tables = new HashMap<String, int[]>();
      String name = "";
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        if (Character.isDigit(line.charAt(0))) {
          IntStream row = Stream.of(line.split(" ")).mapToInt(Integer::parseInt);
          tables.merge(
              name,
              row.toArray(),
              (a, b) -> IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray());
        } else {
          name = line;
        }
      }
      return tables;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
