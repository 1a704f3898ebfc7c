// SPDX-License-Identifier: Apache-2.0

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.internal.grammar.Constraint;
import dev.alcedo.runtime.api.internal.grammar.Grammars;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/// What a grammar costs for each token: `grammar-speed GRAMMAR MODEL...`.
///
/// Writes answers of random tokens that the grammar allows, with a mask for each, as sampling does
/// at worst. The first answers compute their masks, later ones find most of them kept.
final class GrammarSpeed {
  private static final int ANSWER_COUNT = 400;
  private static final int TOKEN_COUNT_MAX = 200;

  private GrammarSpeed() {}

  /// @param args a file with a grammar, then model files
  public static void main(String[] args) throws Exception {
    String grammar = Files.readString(Path.of(args[0]));
    System.out.println(
        "model                     vocabulary  compile ms   masks  mean us  p50 us  p99 us  max us");
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      for (String model : Arrays.copyOfRange(args, 1, args.length)) {
        Tokenizer tokenizer = alcedo.tokenizer(Path.of(model));
        for (int round = 0; round < 3; round++) { // the last one with warm code
          measure(Path.of(model).getFileName().toString(), tokenizer, grammar, round == 2);
        }
      }
    }
  }

  private static void measure(String name, Tokenizer tokenizer, String grammar, boolean isShown) {
    var grammars = new Grammars(tokenizer);
    long start = System.nanoTime();
    grammars.constraint(grammar, tokenizer::decoder);
    double compileMillis = (System.nanoTime() - start) / 1e6;
    var random = new Random(1);
    long[] nanos = new long[ANSWER_COUNT * TOKEN_COUNT_MAX];
    int count = 0;
    for (int answer = 0; answer < ANSWER_COUNT; answer++) {
      Constraint constraint = grammars.constraint(grammar, tokenizer::decoder);
      for (int i = 0; i < TOKEN_COUNT_MAX && !constraint.isComplete(); i++) {
        start = System.nanoTime();
        long[] mask = constraint.mask();
        long maskNanos = System.nanoTime() - start;
        int id = draw(mask, tokenizer.vocabSize(), random);
        if (tokenizer.isEnd(id)) {
          break;
        }
        start = System.nanoTime();
        constraint.accept(id);
        nanos[count++] = maskNanos + System.nanoTime() - start;
      }
    }
    nanos = Arrays.copyOf(nanos, count);
    double mean = Arrays.stream(nanos).average().orElse(0) / 1e3;
    Arrays.sort(nanos);
    if (isShown) {
      System.out.printf(
          "%-26s %9d %11.1f %7d %8.1f %7.1f %7.1f %7.1f%n",
          name,
          tokenizer.vocabSize(),
          compileMillis,
          count,
          mean,
          nanos[count / 2] / 1e3,
          nanos[count * 99 / 100] / 1e3,
          nanos[count - 1] / 1e3);
    }
  }

  private static int draw(long[] mask, int vocabSize, Random random) {
    while (true) {
      int id = random.nextInt(vocabSize);
      for (int tried = 0; tried < vocabSize; tried++, id = (id + 1) % vocabSize) {
        if ((mask[id >> 6] >>> id & 1) != 0) {
          return id;
        }
      }
      throw new IllegalStateException("nothing may follow");
    }
  }
}
