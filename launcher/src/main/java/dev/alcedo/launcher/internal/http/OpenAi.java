// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alcedo.launcher.internal.message.DetokenizeRequest;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.launcher.internal.message.TokenizeRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's API, with llama-server's tokenize and detokenize, on the model that is served.
final class OpenAi {
  private static final String DONE = "[DONE]";

  private final ServedModel served;
  private final GenerationSpec defaults;
  private final Answering answering;
  private final LogProbabilities logProbabilities;

  /// @param defaults how answers are drawn where requests do not say
  OpenAi(ServedModel served, GenerationSpec defaults, Answering answering) {
    this.served = served;
    this.defaults = defaults;
    this.answering = answering;
    this.logProbabilities = new LogProbabilities(served);
  }

  private OpenAiRequests requests() {
    return new OpenAiRequests(served.name(), defaults);
  }

  /// The model.
  JsonObject models() {
    JsonObject entry =
        new JsonObject()
            .put("id", served.name())
            .put("object", "model")
            .put("created", served.since().getEpochSecond())
            .put("owned_by", "alcedo")
            .put("meta", OpenAiReplies.meta(served.info()));
    return new JsonObject().put("object", "list").put("data", new JsonArray().add(entry));
  }

  void chat(Call call, Fields body) {
    answer(call, requests().chat(body), true);
  }

  void complete(Call call, Fields body) {
    answer(call, requests().completion(body), false);
  }

  void tokenize(Call call, Fields body) {
    requests().checkModel(body.text("model"));
    body.required("content");
    String content = body.text("content");
    boolean addSpecial = body.flag("add_special", false);
    boolean parseSpecial = body.flag("parse_special", true);
    boolean hasPieces = body.flag("with_pieces", false);
    body.end();
    Engine engine = served.engine();
    var reply =
        call.await(
            engine
                .client()
                .tokenize(
                    new TokenizeRequest(
                        null, engine.model(), String.valueOf(content), addSpecial, parseSpecial)));
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
    requests().checkModel(body.text("model"));
    JsonNode tokens = body.required("tokens");
    if (!tokens.isArray()) {
      throw HttpFailure.invalid("tokens", "expected a list of token ids");
    }
    List<Integer> ids = OpenAiRequests.ids("tokens", tokens);
    body.end();
    Engine engine = served.engine();
    String text =
        call.await(engine.client().detokenize(new DetokenizeRequest(engine.model(), ids))).text();
    call.reply(200, new JsonObject().put("content", text));
  }

  private void answer(Call call, Ask ask, boolean isChat) {
    var replies = new OpenAiReplies(isChat, served.name(), Instant.now().getEpochSecond());
    if (ask.isStream()) {
      stream(call, ask, replies, isChat);
    } else {
      whole(call, ask, replies);
    }
  }

  private void whole(Call call, Ask ask, OpenAiReplies replies) {
    var collector = new Collector(call, ask);
    StreamEvent.Done done = answering.run(call, ask, collector);
    call.reply(200, replies.whole(done, ask.topCount() < 0 ? null : collector.steps));
  }

  /// Keeps what a whole reply says of each token.
  private final class Collector implements AnswerListener {
    private final Call call;
    private final Ask ask;
    private final JsonArray steps = new JsonArray();

    Collector(Call call, Ask ask) {
      this.call = call;
      this.ask = ask;
    }

    @Override
    public void event(StreamEvent event) {
      if (ask.topCount() >= 0 && event instanceof StreamEvent.Token token) {
        steps.add(logProbabilities.of(call, token, ask.topCount()));
      }
    }

    @Override
    public boolean restart() {
      steps.clear();
      return true;
    }
  }

  private void stream(Call call, Ask ask, OpenAiReplies replies, boolean isChat) {
    var sender = new Sender(call, ask, replies, isChat);
    LazyStream stream = sender.stream;
    try {
      StreamEvent.Done done = answering.run(call, ask, sender);
      sender.open();
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

  /// Sends pieces as they come.
  private final class Sender implements AnswerListener {
    private final Call call;
    private final Ask ask;
    private final OpenAiReplies replies;
    private final boolean isChat;
    private final LazyStream stream;
    private boolean hasSentTokens;

    Sender(Call call, Ask ask, OpenAiReplies replies, boolean isChat) {
      this.call = call;
      this.ask = ask;
      this.replies = replies;
      this.isChat = isChat;
      this.stream = new LazyStream(call, LazyStream.Kind.EVENTS);
    }

    void open() {
      if (isChat && !stream.isBegun()) {
        stream.send(replies.opening());
      }
    }

    @Override
    public void event(StreamEvent event) {
      open();
      JsonObject piece = piece(event);
      if (piece != null) {
        stream.send(piece);
      }
    }

    private @Nullable JsonObject piece(StreamEvent event) {
      return switch (event) {
        case StreamEvent.Token token -> piece(token);
        case StreamEvent.Progress progress -> ask.hasProgress() ? replies.progress(progress) : null;
        case StreamEvent.Done _, StreamEvent.Failed _ ->
            throw new IllegalStateException("ends come back");
      };
    }

    private @Nullable JsonObject piece(StreamEvent.Token token) {
      boolean hasTop = ask.topCount() >= 0;
      if (!hasTop && token.text().isEmpty()) {
        return null;
      }
      JsonArray steps =
          hasTop ? new JsonArray().add(logProbabilities.of(call, token, ask.topCount())) : null;
      hasSentTokens = true;
      return replies.piece(token.text(), steps);
    }

    @Override
    public boolean restart() {
      return !hasSentTokens;
    }
  }
}
