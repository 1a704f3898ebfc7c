// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.DetokenizeRequest;
import dev.alcedo.launcher.internal.message.ModelReply;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.launcher.internal.message.TokenizeRequest;
import dev.alcedo.runtime.api.ModelInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's API, with llama-server's tokenize and detokenize, on one loaded model.
final class OpenAi {
  private static final String DONE = "[DONE]";

  private final String name;
  private final EngineClient client;
  private final ModelInfo info;
  private final String model;
  private final Answering answering;
  private final OpenAiRequests requests;
  private final LogProbabilities logProbabilities;
  private final long loadedSeconds = Instant.now().getEpochSecond();

  OpenAi(ServerOptions options, EngineClient client, ModelReply loaded, Answering answering) {
    this.name = options.modelName();
    this.client = client;
    this.info = loaded.info();
    this.model = loaded.model();
    this.answering = answering;
    this.requests = new OpenAiRequests(name, options.defaults());
    this.logProbabilities = new LogProbabilities(client, loaded.model());
  }

  /// The model.
  JsonObject models() {
    JsonObject entry =
        new JsonObject()
            .put("id", name)
            .put("object", "model")
            .put("created", loadedSeconds)
            .put("owned_by", "alcedo")
            .put("meta", OpenAiReplies.meta(info));
    return new JsonObject().put("object", "list").put("data", new JsonArray().add(entry));
  }

  void chat(Call call, Fields body) {
    answer(call, requests.chat(body), true);
  }

  void complete(Call call, Fields body) {
    answer(call, requests.completion(body), false);
  }

  void tokenize(Call call, Fields body) {
    requests.checkModel(body.text("model"));
    body.required("content");
    String content = body.text("content");
    boolean addSpecial = body.flag("add_special", false);
    boolean parseSpecial = body.flag("parse_special", true);
    boolean hasPieces = body.flag("with_pieces", false);
    body.end();
    var reply =
        call.await(
            client.tokenize(
                new TokenizeRequest(
                    null, model, String.valueOf(content), addSpecial, parseSpecial)));
    var tokens = new JsonArray();
    for (int i = 0; i < reply.ids().size(); i++) {
      int id = reply.ids().get(i);
      if (hasPieces) {
        tokens.add(new JsonObject().put("id", id).put("piece", reply.pieces().get(i)));
      } else {
        tokens.add(id);
      }
    }
    call.reply(200, new JsonObject().put("tokens", tokens));
  }

  void detokenize(Call call, Fields body) {
    requests.checkModel(body.text("model"));
    JsonNode tokens = body.required("tokens");
    if (!tokens.isArray()) {
      throw HttpFailure.invalid("tokens", "expected a list of token ids");
    }
    List<Integer> ids = OpenAiRequests.ids("tokens", tokens);
    body.end();
    String text = call.await(client.detokenize(new DetokenizeRequest(model, ids))).text();
    call.reply(200, new JsonObject().put("content", text));
  }

  private void answer(Call call, Ask ask, boolean isChat) {
    var replies = new OpenAiReplies(isChat, name, Instant.now().getEpochSecond());
    if (ask.isStream()) {
      stream(call, ask, replies, isChat);
    } else {
      whole(call, ask, replies);
    }
  }

  private void whole(Call call, Ask ask, OpenAiReplies replies) {
    JsonArray steps = ask.topCount() < 0 ? null : new JsonArray();
    StreamEvent.Done done =
        answering.run(
            call,
            ask,
            event -> {
              if (steps != null && event instanceof StreamEvent.Token token) {
                steps.add(logProbabilities.of(call, token, ask.topCount()));
              }
            });
    call.reply(200, replies.whole(done, steps));
  }

  private void stream(Call call, Ask ask, OpenAiReplies replies, boolean isChat) {
    var stream = new LazyStream(call, LazyStream.Kind.EVENTS);
    try {
      StreamEvent.Done done =
          answering.run(
              call,
              ask,
              event -> {
                open(stream, replies, isChat);
                JsonObject piece = piece(call, ask, replies, event);
                if (piece != null) {
                  stream.send(piece);
                }
              });
      open(stream, replies, isChat);
      stream.send(replies.closing(done));
      if (ask.hasUsage()) {
        stream.send(replies.usage(done));
      }
      stream.send(DONE);
      stream.end();
    } catch (RuntimeException | Error e) {
      if (!stream.isBegun()) {
        throw e; // the reply says it
      }
      stream.fail(HttpFailure.of(e));
    }
  }

  private static void open(LazyStream stream, OpenAiReplies replies, boolean isChat) {
    if (isChat && !stream.isBegun()) {
      stream.send(replies.opening());
    }
  }

  private @Nullable JsonObject piece(Call call, Ask ask, OpenAiReplies replies, StreamEvent event) {
    return switch (event) {
      case StreamEvent.Token token when ask.topCount() >= 0 ->
          replies.piece(
              token.text(), new JsonArray().add(logProbabilities.of(call, token, ask.topCount())));
      case StreamEvent.Token token ->
          token.text().isEmpty() ? null : replies.piece(token.text(), null);
      case StreamEvent.Progress progress -> ask.hasProgress() ? replies.progress(progress) : null;
      case StreamEvent.Done _, StreamEvent.Failed _ ->
          throw new IllegalStateException("ends come back");
    };
  }
}
