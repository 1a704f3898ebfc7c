// SPDX-License-Identifier: Apache-2.0
import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.KvBufferCache;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// How fast Jlama prefills and decodes, in the same way as `alcedo bench` and llama-bench measure:
/// random tokens, logits of the last position, the most likely token next. Jlama takes its number
/// of threads once for a JVM.
class JlamaSpeed {
  private final AbstractModel model;
  private final KvBufferCache.KvBuffer kv;
  private final AbstractTensor logits;
  private final Random random = new Random(1);
  private final long warmUpNanos;
  private final int repetitions;

  private JlamaSpeed(
      AbstractModel model, KvBufferCache.KvBuffer kv, long warmUpNanos, int repetitions) {
    this.model = model;
    this.kv = kv;
    this.logits = model.makeDenseTensor(model.getConfig().vocabularySize);
    this.warmUpNanos = warmUpNanos;
    this.repetitions = repetitions;
  }

  /// Takes: model folder, folder for Jlama's files, threads, prompt lengths, decode lengths,
  /// depths, repetitions, seconds of warm-up. Prints a JSON array with llama-bench's names.
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[2]);
    // F32 working memory and I8 activations are what its command line takes without options.
    AbstractModel model =
        ModelSupport.loadModel(
            new File(args[0]),
            new File(args[1]),
            DType.F32,
            DType.I8,
            Optional.empty(),
            Optional.of(threads));
    var rows = new ArrayList<String>();
    try (var cache = new KvBufferCache(model)) {
      var speed =
          new JlamaSpeed(
              model,
              cache.getKvBuffer(UUID.randomUUID()),
              (long) (1e9 * Double.parseDouble(args[7])),
              Integer.parseInt(args[6]));
      for (int depth : numbers(args[5])) {
        speed.prefill(depth, 0); // fills the KV cache up to there
        for (int count : positive(args[3])) {
          rows.add(row(count, 0, depth, threads, speed.rates(count, speed.prefills(count, depth))));
        }
        for (int count : positive(args[4])) {
          rows.add(row(0, count, depth, threads, speed.rates(count, speed.decodes(count, depth))));
        }
      }
    }
    System.out.println(rows.stream().collect(Collectors.joining(",\n ", "[", "]")));
    System.exit(0); // its threads would go on
  }

  private static List<Integer> numbers(String text) {
    return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  /// Without the zeros, which mean that there is no such test.
  private static List<Integer> positive(String text) {
    return numbers(text).stream().filter(number -> number > 0).toList();
  }

  private static String row(int prompt, int decode, int depth, int threads, double[] rates) {
    String samples =
        DoubleStream.of(rates)
            .mapToObj(rate -> String.format(Locale.ROOT, "%.3f", rate))
            .collect(Collectors.joining(", "));
    return """
    {"n_prompt": %d, "n_gen": %d, "n_depth": %d, "n_threads": %d, "samples_ts": [%s]}\
    """
        .formatted(prompt, decode, depth, threads, samples);
  }

  private Runnable prefills(int count, int depth) {
    return () -> prefill(count, depth);
  }

  private Runnable decodes(int count, int depth) {
    return () -> decode(count, depth);
  }

  private void prefill(int count, int depth) {
    if (count == 0) {
      return;
    }
    int[] tokens = random.ints(count, 3, model.getConfig().vocabularySize).toArray();
    try (AbstractTensor last = model.batchForward(tokens, depth, kv)) {
      model.sample(last.slice(last.shape().first() - 1), 0, 0, logits);
    }
  }

  private void decode(int count, int depth) {
    int token = model.getConfig().bosToken;
    for (int i = 0; i < count; i++) {
      try (AbstractTensor output = model.forward(token, depth + i, kv, Optional.empty())) {
        token = model.sample(output, 0, 0, logits);
      }
    }
  }

  /// Tokens a second of each repetition, after running unmeasured for the warm-up, once at least.
  private double[] rates(int count, Runnable test) {
    long end = System.nanoTime() + warmUpNanos;
    do {
      test.run();
    } while (System.nanoTime() < end);
    var rates = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      long start = System.nanoTime();
      test.run();
      rates[i] = 1e9 * count / (System.nanoTime() - start);
    }
    return rates;
  }
}
