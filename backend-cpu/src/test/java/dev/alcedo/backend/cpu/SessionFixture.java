// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// A toy model on the real engine, and short ways to ask it. Closes engine and model.
final class SessionFixture implements AutoCloseable {
  /// First id after control and byte tokens of the toy vocabulary.
  private static final int TEXT_ID_MIN = 263;

  private final Alcedo alcedo;
  private final Model model;

  private SessionFixture(Alcedo alcedo, Model model) {
    this.alcedo = alcedo;
    this.model = model;
  }

  /// Tokens and how the answer ended.
  record Outcome(List<Token> tokens, Answer answer) {
    List<Integer> ids() {
      return tokens.stream().map(Token::id).toList();
    }
  }

  /// Every backend of this module that can run here.
  static List<String> backends() {
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      return alcedo.backends().stream()
          .filter(b -> b.availability() instanceof Availability.Available)
          .map(b -> b.id())
          .filter(id -> id.startsWith("cpu"))
          .toList();
    }
  }

  /// Options for a toy model written into `folder`.
  static ModelOptions toy(Path folder, String backend) {
    Path file = ToyText.small(DType.F32).writeTo(folder.resolve("toy.gguf"));
    return ModelOptions.of(file).withBackend(backend);
  }

  static SessionFixture open(ModelOptions options, BackendProvider... more) {
    Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(more));
    try {
      return new SessionFixture(alcedo, alcedo.load(options, Progress.NONE));
    } catch (RuntimeException e) {
      alcedo.close();
      throw e;
    }
  }

  Model model() {
    return model;
  }

  Session session() {
    return model.openSession();
  }

  /// Greedy, ends ignored.
  static GenerationOptions greedy(int count, String... stops) {
    return new GenerationOptions(count, 0, 0, 1, 0, 1, 64, 0, List.of(stops), true, 5);
  }

  /// `count` random ids of ordinary text after the begin token.
  static int[] ids(String purpose, int count) {
    Random random = Seeds.random(purpose);
    int size = ToyText.vocabulary().size();
    int[] ids = random.ints(count, TEXT_ID_MIN, size - 40).toArray();
    ids[0] = 1;
    return ids;
  }

  static int[] join(int[] a, int... b) {
    return Stream.of(a, b).flatMapToInt(java.util.Arrays::stream).toArray();
  }

  static Request.Completion completion(int[] ids, GenerationOptions options) {
    return new Request.Completion(List.of(new PromptPart.Tokens(ids)), options);
  }

  static Outcome drain(TokenStream stream) {
    List<Token> tokens = new ArrayList<>();
    for (Optional<Token> t = stream.next(); t.isPresent(); t = stream.next()) {
      tokens.add(t.get());
    }
    return new Outcome(tokens, stream.await());
  }

  static Outcome ask(Session session, Request request) {
    return drain(session.generate(request));
  }

  /// The answer of a session of its own.
  Outcome fresh(Request request) {
    try (Session session = session()) {
      return ask(session, request);
    }
  }

  @Override
  public void close() {
    alcedo.close();
  }
}
