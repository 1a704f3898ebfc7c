// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.StreamEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/// Ollama's API, as far as its clients need it to ask the model that is served.
final class Ollama {
  private final Answering answering;
  private final OllamaRequests requests;
  private final OllamaReplies replies;

  Ollama(Answering answering, OllamaRequests requests, OllamaReplies replies) {
    this.answering = answering;
    this.requests = requests;
    this.replies = replies;
  }

  /// Models that can be asked for.
  JsonObject tags() {
    return new JsonObject().put("models", new JsonArray().add(replies.entry()));
  }

  /// Models in memory.
  JsonObject running() {
    return new JsonObject().put("models", new JsonArray().add(replies.runningEntry()));
  }

  /// Which Ollama this answers like.
  JsonObject version() {
    return new JsonObject().put("version", OllamaReplies.VERSION);
  }

  void show(Call call, Fields body) {
    requests.show(body);
    call.reply(200, replies.details());
  }

  void chat(Call call, Fields body) {
    answer(call, requests.chat(body), true);
  }

  void generate(Call call, Fields body) {
    answer(call, requests.generate(body), false);
  }

  private void answer(Call call, OllamaRequests.Asked asked, boolean isChat) {
    Ask ask = asked.ask();
    if (ask == null) {
      // Nothing is asked but that the model be loaded, which it is.
      call.reply(200, replies.loaded(isChat));
    } else if (ask.isStream()) {
      stream(call, ask, isChat);
    } else {
      StreamEvent.Done done = answering.run(call, ask, _ -> {});
      call.reply(200, replies.end(isChat, done.text(), done));
    }
  }

  private void stream(Call call, Ask ask, boolean isChat) {
    var stream = new LazyStream(call, LazyStream.Kind.LINES);
    try {
      StreamEvent.Done done =
          answering.run(
              call,
              ask,
              event -> {
                if (event instanceof StreamEvent.Token token && !token.text().isEmpty()) {
                  stream.send(replies.piece(isChat, token.text()));
                }
              });
      stream.send(replies.end(isChat, "", done));
      stream.end();
    } catch (RuntimeException | Error e) {
      if (!stream.isBegun()) {
        throw e; // the reply says it
      }
      stream.fail(HttpFailure.of(e));
    }
  }
}
