// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.ChatRequest;
import dev.alcedo.launcher.internal.message.ChatRequest.Turn;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.ImageReply;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Message.Role;
import dev.alcedo.runtime.api.spi.ImageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One conversation over the bus: what was said so far, and the session that knows it. One thread.
final class Conversation {
  private final EngineClient client;
  private final String model;
  private final String session;
  private final @Nullable String system;
  private final GenerationSpec options;
  private final Generation generation;
  private final List<Turn> turns = new ArrayList<>();
  private final List<Part> shown = new ArrayList<>();
  private StreamEvent.@Nullable Done last;

  private Conversation(
      EngineClient client,
      String model,
      String session,
      @Nullable String system,
      GenerationSpec options,
      Generation generation) {
    this.client = client;
    this.model = model;
    this.session = session;
    this.system = system;
    this.options = options;
    this.generation = generation;
    clear();
  }

  static Conversation open(
      EngineClient client,
      String model,
      @Nullable String system,
      GenerationSpec options,
      Generation generation) {
    String session = Replies.await(client.openSession(model)).session();
    return new Conversation(client, model, session, system, options, generation);
  }

  /// Hands in a picture, which the next question is about; its encoding begins.
  ImageReport show(PictureFile picture) {
    ImageReply reply = picture.prepare(client, model);
    shown.add(new Part.Picture(reply.image()));
    return reply.report();
  }

  /// Asks; `onText` gets the answer in pieces. Without an answer it is as if nothing had been
  /// asked, but for the pictures, which wait for the next question.
  void ask(String question, Consumer<String> onText) {
    var parts = new ArrayList<>(shown);
    parts.add(new Part.Text(question));
    turns.add(new Turn(Role.USER, parts));
    try {
      StreamEvent.Done done =
          generation.run(
              replyTo ->
                  client.chat(new ChatRequest(session, replyTo, List.copyOf(turns), options)),
              token -> onText.accept(token.text()));
      turns.add(new Turn(Role.ASSISTANT, List.of(new Part.Text(done.text()))));
      shown.clear();
      last = done;
    } catch (RuntimeException e) {
      turns.removeLast();
      throw e;
    }
  }

  /// Forgets what was said and shown, but not the instructions.
  void clear() {
    turns.clear();
    shown.clear();
    if (system != null) {
      turns.add(new Turn(Role.SYSTEM, List.of(new Part.Text(system))));
    }
  }

  /// What the last answer took, as lines; none before the first answer.
  List<String> statistics() {
    return last == null ? List.of() : StatisticsText.lines(last, options);
  }
}
