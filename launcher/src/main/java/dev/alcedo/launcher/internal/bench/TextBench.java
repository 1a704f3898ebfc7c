// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import dev.alcedo.launcher.internal.bus.ResidentMemory;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Statistics;
import java.util.List;
import java.util.SplittableRandom;

/// The text tests of a loaded model, in one session. The session skips what its KV cache holds of a
/// prompt, and so it is brought to a depth: all prompts begin with the same random ids, and those
/// that are to be measured differ from all others after them.
final class TextBench implements AutoCloseable {
  private static final long SEED = 20241116;

  private final Session session;
  private final int vocabSize;
  private int runCount;

  TextBench(Model model) {
    this.session = model.openSession();
    this.vocabSize = model.tokenizer().vocabSize();
  }

  /// One run of a test.
  ///
  /// @param tokensPerSecond of what it measures
  /// @param allocatedBytes per token; negative if unknown
  private record Sample(double tokensPerSecond, double allocatedBytes) {}

  /// Generates one token after a prompt of one.
  void firstToken() {
    generate(prompt(1, 1), 1);
  }

  BenchResult.Speed measure(BenchCase test, BenchPlan plan, int threads, Runs runs) {
    if (test.depth() > 0) {
      generate(prompt(test.depth(), test.depth()), 1);
    }
    List<Sample> samples = runs.of(test.name(), threads, plan, () -> sample(test));
    return new BenchResult.Speed(
        test,
        threads,
        Spread.of(samples.stream().mapToDouble(Sample::tokensPerSecond).toArray()),
        Math.round(
            Spread.of(samples.stream().mapToDouble(Sample::allocatedBytes).toArray()).median()),
        ResidentMemory.peakBytes());
  }

  private Sample sample(BenchCase test) {
    boolean isPrefill = test.prompt() > 0;
    int length = isPrefill ? test.depth() + test.prompt() : Math.max(1, test.depth());
    int[] ids = prompt(length, test.depth());
    long before = EngineThreads.allocatedBytes();
    Statistics statistics = generate(ids, test.decode() + 1).statistics();
    long allocated = EngineThreads.allocatedBytes() - before;
    // By chance a prompt may go on as the cache does, for a token.
    if (statistics.reusedTokenCount() < Math.min(test.depth(), length - 1)
        || statistics.generatedTokenCount() != test.decode() + 1) {
      throw new IllegalStateException("%s was not what ran: %s".formatted(test, statistics));
    }
    return new Sample(
        isPrefill ? statistics.prefillRate() : statistics.decodeRate(),
        before < 0 ? -1 : (double) allocated / test.count());
  }

  private Answer generate(int[] ids, int tokenCount) {
    GenerationOptions greedy = GenerationOptions.GREEDY;
    var options =
        new GenerationOptions(
            tokenCount,
            greedy.temperature(),
            greedy.topK(),
            greedy.topP(),
            greedy.minP(),
            greedy.repeatPenalty(),
            greedy.repeatWindow(),
            greedy.seed(),
            greedy.stops(),
            true,
            greedy.topCount());
    return session
        .generate(new Request.Completion(List.of(new PromptPart.Tokens(ids)), options))
        .await();
  }

  /// `length` ids, of which those from `depth` on are new each time.
  private int[] prompt(int length, int depth) {
    var random = new SplittableRandom(SEED);
    var ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = random.nextInt(vocabSize);
    }
    runCount++;
    for (int i = depth; i < length; i++) {
      ids[i] = (ids[i] + runCount) % vocabSize;
    }
    return ids;
  }

  @Override
  public void close() {
    session.close();
  }
}
