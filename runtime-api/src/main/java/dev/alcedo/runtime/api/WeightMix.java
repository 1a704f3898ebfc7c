// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Which dtype each matrix of a file gets.
///
/// @param type one for all, or one of llama.cpp's mixes, which give matrices that matter more a
///   dtype with more bits
/// @param isPure whether every matrix gets the mix's main dtype
public record WeightMix(Type type, boolean isPure) {
  /// Named as llama-quantize names them; the numbers are GGUF's `general.file_type`.
  public enum Type {
    F32(DType.F32, 0),
    F16(DType.F16, 1),
    BF16(DType.BF16, 32),
    Q8_0(DType.Q8_0, 7),
    Q4_0(DType.Q4_0, 2),
    Q4_1(DType.Q4_1, 3),
    Q5_0(DType.Q5_0, 8),
    Q5_1(DType.Q5_1, 9),
    IQ4_NL(DType.IQ4_NL, 25),
    Q2_K(DType.Q2_K, 10),
    Q3_K_S(DType.Q3_K, 11),
    Q3_K_M(DType.Q3_K, 12),
    Q3_K_L(DType.Q3_K, 13),
    Q4_K_S(DType.Q4_K, 14),
    Q4_K_M(DType.Q4_K, 15),
    Q5_K_S(DType.Q5_K, 16),
    Q5_K_M(DType.Q5_K, 17),
    Q6_K(DType.Q6_K, 18);

    private final DType main;
    private final int fileType;

    Type(DType main, int fileType) {
      this.main = main;
      this.fileType = fileType;
    }

    /// The dtype that most matrices get.
    public DType main() {
      return main;
    }

    /// GGUF's `general.file_type`.
    public int fileType() {
      return fileType;
    }

    /// The type of that name, in any case; `Q3_K`, `Q4_K` and `Q5_K` are the `_M` mixes, as
    /// llama-quantize has it.
    ///
    /// @param isUsable which of them count
    /// @throws InvalidRequestException if it is none of them; lists them
    public static Type parse(String name, Predicate<Type> isUsable) {
      String upper = name.toUpperCase(Locale.ROOT);
      String full = SHORT.contains(upper) ? upper + "_M" : upper;
      List<Type> usable = Arrays.stream(values()).filter(isUsable).toList();
      return usable.stream()
          .filter(type -> type.name().equals(full))
          .findFirst()
          .orElseThrow(() ->
              new InvalidRequestException(
                  "type: expected one of %s (or %s, meaning ..._M), got '%s'"
                      .formatted(
                          usable.stream().map(Enum::name).collect(Collectors.joining(", ")),
                          String.join(", ", SHORT),
                          name)));
    }
  }

  private static final List<String> SHORT = List.of("Q3_K", "Q4_K", "Q5_K");

  /// The mix of that name, see [Type#parse].
  ///
  /// @throws InvalidRequestException if there is none; lists those known
  public static WeightMix parse(String name, boolean isPure) {
    return new WeightMix(Type.parse(name, _ -> true), isPure);
  }

  /// All names, for people.
  public static String names() {
    return Arrays.stream(Type.values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}
