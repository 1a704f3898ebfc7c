// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.ChatRequest;
import dev.alcedo.launcher.internal.message.CompleteRequest;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The running requests, by the address that their events go to. Any thread.
final class Streams {
  private final EventBus bus;
  private final Residents residents;
  private final Map<String, StreamRelay> running = new ConcurrentHashMap<>();

  Streams(EventBus bus, Residents residents) {
    this.bus = bus;
    this.residents = residents;
  }

  void chat(ChatRequest request) {
    var images = new ArrayList<Image>();
    List<Message> messages =
        required("messages", request.messages()).stream()
            .map(turn ->
                new Message(
                    required("role", turn.role()),
                    parts(request.session(), required("parts", turn.parts()), images)))
            .toList();
    var options = GenerationSpec.options(request.options());
    start(request.session(), request.replyTo(), new Request.Chat(messages, options), images);
  }

  void complete(CompleteRequest request) {
    var images = new ArrayList<Image>();
    List<PromptPart> parts = parts(request.session(), required("parts", request.parts()), images);
    var options = GenerationSpec.options(request.options());
    start(request.session(), request.replyTo(), new Request.Completion(parts, options), images);
  }

  /// Whether there was anything to stop.
  boolean cancel(String replyTo) {
    StreamRelay relay = replyTo == null ? null : running.get(replyTo);
    if (relay == null) {
      return false;
    }
    relay.cancel();
    return true;
  }

  /// Answers that are being generated.
  int count() {
    return running.size();
  }

  void cancelAll() {
    running.values().forEach(StreamRelay::cancel);
  }

  private void start(
      @Nullable String session, @Nullable String replyTo, Request request, List<Image> images) {
    String address = required("replyTo", replyTo);
    var relay = new StreamRelay(bus, address, images, () -> running.remove(address));
    if (running.putIfAbsent(address, relay) != null) {
      throw new InvalidRequestException(
          "replyTo: expected an address of its own for each request, got '%s', which is in use"
              .formatted(address));
    }
    try {
      relay.attach(residents.session(session).generate(request, relay));
    } catch (RuntimeException | Error e) {
      running.remove(address);
      throw e;
    }
  }

  private List<PromptPart> parts(@Nullable String session, List<Part> parts, List<Image> images) {
    return parts.stream()
        .<PromptPart>map(part ->
            switch (part) {
              case Part.Text(String text) -> new PromptPart.Text(required("text", text));
              case Part.Tokens(List<Integer> ids) ->
                  new PromptPart.Tokens(
                      required("ids", ids).stream().mapToInt(Integer::intValue).toArray());
              case Part.Picture(String handle) -> {
                Image image = residents.image(session, required("image", handle));
                images.add(image);
                yield new PromptPart.Picture(image);
              }
            })
        .toList();
  }

  static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw new InvalidRequestException(field + ": expected a value, got nothing");
    }
    return value;
  }
}
