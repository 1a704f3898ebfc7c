// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Statistics;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request on its way through the engine: prompt positions first, then one generated position
/// at a time. Owned by the engine's thread once submitted.
final class Job {
  private final long id;
  private final ChatSession session;
  private final RunningStream stream;
  private final GenerationOptions options;
  private final PromptBuilder.Built prompt;
  private final Sampler sampler;
  private final Tokenizer tokenizer;
  private final TokenDecoder decoder;
  private final StopFilter stopFilter;
  private final StringBuilder text = new StringBuilder();
  private final int promptLength;
  private final int reusedLength;
  private final long submittedNanos;
  private long prefillStartNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private long starvedSinceNanos;
  private long starvedNanos;
  private long starvedInPrefillNanos;
  private int generatedCount;

  Job(
      long id,
      ChatSession session,
      RunningStream stream,
      GenerationOptions options,
      PromptBuilder.Built prompt,
      Sampler sampler,
      Tokenizer tokenizer,
      long submittedNanos) {
    this.id = id;
    this.session = session;
    this.stream = stream;
    this.options = options;
    this.prompt = prompt;
    this.sampler = sampler;
    this.tokenizer = tokenizer;
    this.decoder = decoder(tokenizer, prompt);
    this.stopFilter = new StopFilter(options.stops());
    this.promptLength = prompt.sequence().length();
    this.reusedLength = session.begin(prompt.sequence());
    this.submittedNanos = submittedNanos;
  }

  /// A raw completion goes on in the middle of a text, whose words keep the space before them; a
  /// conversation's answer begins one.
  static TokenDecoder decoder(Tokenizer tokenizer, PromptBuilder.Built prompt) {
    TokenDecoder decoder = tokenizer.decoder();
    int last = prompt.sequence().id(prompt.sequence().length() - 1);
    if (!prompt.isChat() && last != PromptSequence.IMAGE) {
      decoder.next(last);
    }
    return decoder;
  }

  long id() {
    return id;
  }

  boolean isCancelled() {
    return stream.cancellation().isCancelled();
  }

  /// What this job can run now, if anything: nothing while image tokens of its next chunk are still
  /// on their way. Chunks are never cut short for that, so that they are the same whenever image
  /// tokens arrive.
  ///
  /// @param chunkLength positions of a run at most
  /// @throws VlmException if they will never come
  Optional<Scheduler.Pending> pending(int chunkLength) {
    int start = session.computedLength();
    int wanted = prompt.sequence().runLength(start);
    int arrived = prompt.sequence().arrivedLength(start, wanted);
    if (arrived < Math.min(wanted, chunkLength)) {
      starvedSinceNanos = starvedSinceNanos == 0 ? System.nanoTime() : starvedSinceNanos;
      return Optional.empty();
    }
    if (starvedSinceNanos != 0) {
      long nanos = System.nanoTime() - starvedSinceNanos;
      starvedNanos += nanos;
      starvedInPrefillNanos += prefillStartNanos == 0 ? 0 : nanos;
      starvedSinceNanos = 0;
    }
    return Optional.of(
        new Scheduler.Pending(
            id,
            generatedCount == 0 ? Scheduler.Kind.PREFILL : Scheduler.Kind.DECODE,
            arrived,
            prompt.sequence().isBidirectional(start)));
  }

  /// Makes room for the next `count` positions.
  ///
  /// @throws dev.alcedo.runtime.api.ResourceExhaustedException if there is no memory
  void reserve(int count) {
    session.reserve(session.computedLength() + count);
  }

  /// The next `count` positions, ready to run once there is room for them.
  TextRunner.Slice slice(int count) {
    if (prefillStartNanos == 0) {
      prefillStartNanos = System.nanoTime();
    }
    int start = session.computedLength();
    return new TextRunner.Slice(
        prompt.sequence(),
        session.cache(),
        start,
        count,
        start + count == prompt.sequence().length() ? 1 : 0);
  }

  /// Notes that `count` positions were computed.
  void advance(int count) {
    session.advance(count);
    if (generatedCount == 0) {
      stream.report(
          "prefill", session.computedLength() - reusedLength, promptLength - reusedLength);
    }
  }

  /// Draws the next token from its logits.
  ///
  /// @return the answer if this ended it
  @Nullable Answer accept(float[] logits, int offset) {
    List<Token.Candidate> top = sampler.top(logits, offset);
    int token = sampler.draw(logits, offset, prompt.sequence());
    lastTokenNanos = System.nanoTime();
    if (generatedCount == 0) {
      firstTokenNanos = lastTokenNanos;
    }
    generatedCount++;
    if (tokenizer.isEnd(token)) {
      emit(token, tail(), top);
      return answer(Answer.Reason.END);
    }
    prompt.sequence().addId(token);
    sampler.accept(token);
    String shown = stopFilter.push(decoder.next(token));
    boolean isFull = prompt.sequence().length() >= session.contextLength();
    boolean isEnough = options.tokenCountMax() > 0 && generatedCount >= options.tokenCountMax();
    boolean isComplete = sampler.isComplete();
    boolean isLast = isFull || isEnough || isComplete;
    emit(token, isLast && !stopFilter.isStopped() ? shown + tail() : shown, top);
    if (stopFilter.isStopped()) {
      return answer(Answer.Reason.STOP);
    }
    if (isComplete) {
      return answer(Answer.Reason.END);
    }
    return isLast ? answer(Answer.Reason.LENGTH) : null;
  }

  /// What decoder and stop filter still hold back.
  private String tail() {
    return stopFilter.push(decoder.finish()) + stopFilter.finish();
  }

  private void emit(int token, String shown, List<Token.Candidate> top) {
    text.append(shown);
    stream.put(new Token(token, shown, top));
  }

  private Answer answer(Answer.Reason reason) {
    return new Answer(text.toString(), reason, statistics());
  }

  private Statistics statistics() {
    return new Statistics(
        promptLength,
        reusedLength,
        prompt.sequence().imageTokenCount(),
        prompt.pictures().size(),
        prompt.tileCount(),
        generatedCount,
        prompt.imageTime(),
        prompt.imageWait().plusNanos(starvedNanos),
        between(prefillStartNanos + starvedInPrefillNanos, firstTokenNanos),
        between(submittedNanos, firstTokenNanos),
        between(firstTokenNanos, lastTokenNanos),
        sampler.grammarTime());
  }

  private static Duration between(long start, long end) {
    return Duration.ofNanos(Math.max(0, end - start));
  }

  void succeed(Answer answer) {
    prompt.end();
    session.passTurn(stream);
    stream.finish(answer);
  }

  /// Ends because somebody asked; what was computed stays good.
  void failCancelled() {
    fail(stream.cancelled(), true);
  }

  /// Ends without an answer.
  ///
  /// @param isCacheValid whether the positions computed so far can be reused
  void fail(VlmException cause, boolean isCacheValid) {
    if (!isCacheValid) {
      session.forget();
    }
    prompt.end();
    session.passTurn(stream);
    stream.fail(cause);
  }
}
