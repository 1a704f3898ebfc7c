// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.DetokenizeReply;
import dev.alcedo.launcher.internal.message.DetokenizeRequest;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Token.Candidate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Log-probabilities with the texts of their tokens, as OpenAI writes them. Any thread.
final class LogProbabilities {
  /// What OpenAI's API says of a token that is not among the best.
  private static final double UNLIKELY = -9999;

  private final ServedModel served;
  private final Map<Integer, DetokenizeReply.Piece> pieces = new ConcurrentHashMap<>();

  LogProbabilities(ServedModel served) {
    this.served = served;
  }

  /// One token with its `topCount` best.
  JsonObject of(Call call, StreamEvent.Token token, int topCount) {
    learn(call, token);
    var top = new JsonArray();
    token.top().stream()
        .limit(topCount)
        .forEach(candidate -> top.add(entry(candidate.id(), candidate.logProbability())));
    double own =
        token.top().stream()
            .filter(candidate -> candidate.id() == token.id())
            .mapToDouble(Candidate::logProbability)
            .findFirst()
            .orElse(UNLIKELY);
    return entry(token.id(), own).put("top_logprobs", top);
  }

  private JsonObject entry(int id, double logProbability) {
    DetokenizeReply.Piece piece = pieces.get(id);
    if (piece == null) {
      throw new IllegalStateException("token %d was not looked up".formatted(id));
    }
    return new JsonObject()
        .put("token", piece.text())
        .put("logprob", logProbability)
        .put("bytes", new JsonArray(piece.bytes()));
  }

  private void learn(Call call, StreamEvent.Token token) {
    List<Integer> unknown =
        Stream.concat(Stream.of(token.id()), token.top().stream().map(Candidate::id))
            .distinct()
            .filter(id -> !pieces.containsKey(id))
            .toList();
    if (!unknown.isEmpty()) {
      Engine engine = served.engine();
      DetokenizeReply reply =
          call.await(engine.client().detokenize(new DetokenizeRequest(engine.model(), unknown)));
      for (int i = 0; i < unknown.size(); i++) {
        pieces.put(unknown.get(i), reply.pieces().get(i));
      }
    }
  }
}
