// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Statistics;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.VlmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Answers with the words of the last message or of the prompt, pictures as `[hash]`. The word
/// `forever` is repeated until somebody cancels, `ticking` more slowly; `fail` fails, `memory` for
/// want of it; `grammar?` shows the grammar.
final class EchoSession implements Session {
  private static final long TICK_NANOS = 10_000_000;

  private final boolean isMute;
  private final Runnable onClose;

  /// @param isMute whether it accepts requests and never answers
  EchoSession(boolean isMute, Runnable onClose) {
    this.isMute = isMute;
    this.onClose = onClose;
  }

  @Override
  public TokenStream generate(Request request, TokenListener listener) {
    List<PromptPart> parts =
        switch (request) {
          case Request.Chat chat -> chat.messages().getLast().parts();
          case Request.Completion completion -> completion.parts();
        };
    String asked = parts.stream().map(EchoSession::text).collect(Collectors.joining(" "));
    String text = asked.equals("grammar?") ? request.options().grammar() : asked;
    var running = new Running();
    if (isMute) {
      return running;
    }
    Thread.ofVirtual().start(() -> answer(text, request, listener, running));
    return running;
  }

  private static void answer(
      String text, Request request, TokenListener listener, Running running) {
    try {
      listener.report("prefill", 0, text.length());
      listener.report("prefill", text.length(), text.length());
      if (text.equals("memory")) {
        throw ResourceExhaustedException.ofMemory("KV cache: no memory", null);
      }
      if (text.equals("fail")) {
        throw new BackendException("device 0: it broke");
      }
      int id = 0;
      do {
        for (String word : text.splitWithDelimiters(" ", 0)) {
          running.check();
          var top = List.of(new Token.Candidate(id, -0.125f));
          listener.token(new Token(id++, word, request.options().topCount() > 0 ? top : List.of()));
        }
        if (text.equals("ticking")) {
          LockSupport.parkNanos(TICK_NANOS);
        }
      } while (text.equals("forever") || text.equals("ticking"));
      listener.finished(new Answer(text, Answer.Reason.END, statistics(text, id)));
    } catch (VlmException e) {
      listener.failed(e);
    }
    running.end.countDown();
  }

  private static Statistics statistics(String text, int tokenCount) {
    return new Statistics(
        text.length(),
        0,
        0,
        0,
        0,
        tokenCount,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(500),
        Duration.ofMillis(1));
  }

  private static String text(PromptPart part) {
    return switch (part) {
      case PromptPart.Text(String text) -> text;
      case PromptPart.Tokens(int[] ids) -> java.util.Arrays.toString(ids);
      case PromptPart.Picture picture -> "[" + picture.image().contentHash() + "]";
    };
  }

  @Override
  public int contextLength() {
    return 64;
  }

  @Override
  public void close() {
    onClose.run();
  }

  private static final class Running implements TokenStream {
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean isCancelled;

    void check() {
      if (isCancelled) {
        throw new CancelledException("cancelled at the caller's request");
      }
    }

    @Override
    public Optional<Token> next() {
      throw new IllegalStateException("the bus listens");
    }

    @Override
    public Answer await() {
      throw new IllegalStateException("the bus listens");
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }

    @Override
    public boolean isDone() {
      return end.getCount() == 0;
    }
  }
}
