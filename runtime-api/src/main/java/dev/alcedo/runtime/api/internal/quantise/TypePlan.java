// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.QuantizeOptions;
import dev.alcedo.runtime.api.WeightMix;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// The type that each tensor of a file is to have.
///
/// @param mix what was asked for
/// @param dtypes by tensor, in file order
/// @param notes where a tensor gets another type than the one meant for it
record TypePlan(WeightMix.Type mix, Map<String, DType> dtypes, List<String> notes) {
  private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\.");

  /// A type for the tensors whose names match.
  private record TypeRule(Pattern pattern, DType dtype) {
    boolean matches(String name) {
      return pattern.matcher(name).find();
    }
  }

  /// Plans.
  ///
  /// @throws InvalidRequestException if a type or preset is unknown, a pattern is none or matches
  ///   no weight, or a weight would be quantised twice without leave
  static TypePlan of(ModelFile file, QuantizeOptions options) {
    WeightMix.Type mix = mix(file.metadata(), options);
    List<TypeRule> overrides = options.tensorTypes().stream().map(TypePlan::override).toList();
    List<String> notes = new ArrayList<>();
    Map<String, DType> dtypes = new LinkedHashMap<>();
    Map<TypeRule, Boolean> used = new LinkedHashMap<>();
    boolean isTied = file.find("output.weight").isEmpty();
    int valueCount =
        (int)
            file.tensors().keySet().stream()
                .filter(n -> TensorRole.of(n, isTied) == TensorRole.VALUE)
                .count();
    // No mix that can be written asks for the heads that share keys.
    var rules =
        new MixRules(
            new WeightMix(mix, options.isPure()), blockCount(file.metadata()), valueCount, 1);
    file.tensors()
        .forEach((name, view) -> {
          DType dtype = view.dtype();
          if (TensorRules.allows(name, view.dtype(), view.shape())) {
            Optional<TypeRule> override =
                overrides.stream().filter(o -> o.matches(name)).findFirst();
            override.ifPresent(o -> used.put(o, true));
            TensorRole role = TensorRole.of(name, isTied);
            int cols = view.shape().cols();
            DType meant =
                override.isPresent()
                    ? override.get().dtype()
                    : rules.meant(role, block(name), cols);
            dtype = MixRules.fitting(meant, cols);
            if (dtype != meant) {
              notes.add(
                  "%s: rows of %d are no whole number of %s blocks; written as %s"
                      .formatted(name, cols, meant, dtype));
            }
          }
          dtypes.put(name, dtype);
        });
    requireUsed(overrides, used, options);
    requireLeave(file, dtypes, options, notes);
    return new TypePlan(mix, dtypes, notes);
  }

  private static WeightMix.Type mix(Metadata metadata, QuantizeOptions options) {
    if (options.type().isPresent()) {
      return WeightMix.Type.parse(
          options.type().get(), type -> BlockEncoders.known().contains(type.main()));
    }
    String preset = options.preset().orElseThrow();
    if (!preset.equals("bluelm")) {
      throw new InvalidRequestException(
          "preset: expected 'bluelm' (4 bits for the text model, 8 for the mmproj file), got '%s'"
              .formatted(preset));
    }
    return metadata.architecture().equals("clip") ? WeightMix.Type.Q8_0 : WeightMix.Type.Q4_0;
  }

  private static TypeRule override(QuantizeOptions.TensorType rule) {
    DType dtype =
        BlockEncoders.known().stream()
            .filter(d -> d.name().equals(rule.dtype().toUpperCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(() ->
                new InvalidRequestException(
                    "tensorTypes: type for '%s': expected one of %s, got '%s'"
                        .formatted(rule.pattern(), knownDtypes(), rule.dtype())));
    try {
      return new TypeRule(Pattern.compile(rule.pattern()), dtype);
    } catch (PatternSyntaxException e) {
      throw new InvalidRequestException(
          "tensorTypes: '%s' is no regular expression: %s at %d"
              .formatted(rule.pattern(), e.getDescription(), e.getIndex()),
          e);
    }
  }

  private static String knownDtypes() {
    return Arrays.stream(DType.values())
        .filter(BlockEncoders.known()::contains)
        .map(DType::name)
        .collect(Collectors.joining(", "));
  }

  private static void requireUsed(
      List<TypeRule> overrides, Map<TypeRule, Boolean> used, QuantizeOptions options) {
    for (int i = 0; i < overrides.size(); i++) {
      if (!used.containsKey(overrides.get(i))) {
        throw new InvalidRequestException(
            "tensorTypes: expected '%s' to be found in the name of a weight, got none; 'inspect' lists the names"
                .formatted(options.tensorTypes().get(i).pattern()));
      }
    }
  }

  private static void requireLeave(
      ModelFile file, Map<String, DType> dtypes, QuantizeOptions options, List<String> notes) {
    List<Map.Entry<String, TensorView>> twice =
        file.tensors().entrySet().stream()
            .filter(e -> e.getValue().dtype().isQuantised())
            .filter(e -> e.getValue().dtype() != dtypes.get(e.getKey()))
            .toList();
    if (twice.isEmpty()) {
      return;
    }
    String what =
        "%d tensors are quantised already (%s is %s): made from them, the new file is worse than one made from the original"
            .formatted(
                twice.size(), twice.getFirst().getKey(), twice.getFirst().getValue().dtype());
    if (!options.isRequantizing()) {
      throw new InvalidRequestException(
          "%s: %s; take an F16, BF16 or F32 file, or say that it may be (--allow-requantize)"
              .formatted(file.metadata().source(), what));
    }
    notes.add(what);
  }

  private static int block(String name) {
    Matcher block = BLOCK.matcher(name);
    return block.find() ? Integer.parseInt(block.group(1)) : 0;
  }

  /// Of a text model. An mmproj file has no such key: 0, so that all its blocks get more bits, as
  /// llama-quantize has it.
  private static int blockCount(Metadata metadata) {
    String key = metadata.string("general.architecture", "") + ".block_count";
    return metadata.has(key) ? metadata.integer(key, 0, 1_000_000) : 0;
  }
}
