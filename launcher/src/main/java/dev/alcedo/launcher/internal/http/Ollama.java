// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.StreamEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Ollama's API, as far as its clients need it to ask the model that is served.
final class Ollama {
  private final ServedModel served;
  private final GenerationSpec defaults;
  private final Answering answering;

  /// @param defaults how answers are drawn where requests do not say
  Ollama(ServedModel served, GenerationSpec defaults, Answering answering) {
    this.served = served;
    this.defaults = defaults;
    this.answering = answering;
  }

  private OllamaRequests requests() {
    return new OllamaRequests(served.name(), served.info().contextLength(), defaults);
  }

  private OllamaReplies replies() {
    return new OllamaReplies(served.name(), served.info(), served.since());
  }

  /// Models that can be asked for.
  JsonObject tags() {
    return new JsonObject().put("models", new JsonArray().add(replies().entry()));
  }

  /// Models in memory.
  JsonObject running() {
    return new JsonObject().put("models", new JsonArray().add(replies().runningEntry()));
  }

  /// Which Ollama this answers like.
  JsonObject version() {
    return new JsonObject().put("version", OllamaReplies.VERSION);
  }

  void show(Call call, Fields body) {
    requests().show(body);
    call.reply(200, replies().details());
  }

  void chat(Call call, Fields body) {
    answer(call, requests().chat(body), true);
  }

  void generate(Call call, Fields body) {
    answer(call, requests().generate(body), false);
  }

  private void answer(Call call, OllamaRequests.Asked asked, boolean isChat) {
    OllamaReplies replies = replies();
    Ask ask = asked.ask();
    if (ask == null) {
      // Nothing is asked but that the model be loaded, which it is.
      call.reply(200, replies.loaded(isChat));
    } else if (ask.isStream()) {
      stream(call, ask, replies, isChat);
    } else {
      StreamEvent.Done done = answering.run(call, ask, new Listener(() -> false, _ -> {}));
      call.reply(200, replies.end(isChat, done.text(), done));
    }
  }

  private void stream(Call call, Ask ask, OllamaReplies replies, boolean isChat) {
    var stream = new LazyStream(call, LazyStream.Kind.LINES);
    try {
      var listener =
          new Listener(stream::isBegun, text -> stream.send(replies.piece(isChat, text)));
      StreamEvent.Done done = answering.run(call, ask, listener);
      stream.send(replies.end(isChat, "", done));
      stream.end();
    } catch (RuntimeException | Error e) {
      if (!stream.isBegun()) {
        throw e; // the reply says it
      }
      stream.fail(HttpFailure.of(e));
    }
  }

  /// Sends the texts of tokens, if there is where to.
  private record Listener(BooleanSupplier isSent, Consumer<String> onText)
      implements AnswerListener {
    @Override
    public void event(StreamEvent event) {
      if (event instanceof StreamEvent.Token token && !token.text().isEmpty()) {
        onText.accept(token.text());
      }
    }

    @Override
    public boolean restart() {
      return !isSent.getAsBoolean();
    }
  }
}
