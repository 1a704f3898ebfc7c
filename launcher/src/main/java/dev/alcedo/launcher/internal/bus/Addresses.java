// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

/// Where the engine listens on the event bus. Requests and replies: `docs/event-bus.md`.
public final class Addresses {
  /// Backends and devices.
  public static final String DEVICES = "alcedo.devices";

  /// Loads a model.
  public static final String MODEL_LOAD = "alcedo.model.load";

  /// The loaded models.
  public static final String MODEL_LIST = "alcedo.model.list";

  /// Closes a model.
  public static final String MODEL_UNLOAD = "alcedo.model.unload";

  /// What a model holds and has saved.
  public static final String MODEL_STATISTICS = "alcedo.model.statistics";

  /// What a model file holds and what loading it would give.
  public static final String MODEL_INSPECT = "alcedo.model.inspect";

  /// Writes a model file again with other element types.
  public static final String MODEL_QUANTIZE = "alcedo.model.quantize";

  /// The perplexity of a text.
  public static final String PERPLEXITY = "alcedo.perplexity";

  /// Text to token ids.
  public static final String TOKENIZE = "alcedo.tokenize";

  /// Token ids to text.
  public static final String DETOKENIZE = "alcedo.detokenize";

  /// Renders a chat template.
  public static final String TEMPLATE = "alcedo.template";

  /// Hands in a picture; its encoding begins at once.
  public static final String IMAGE_PREPARE = "alcedo.image.prepare";

  /// Opens a session.
  public static final String SESSION_OPEN = "alcedo.session.open";

  /// Closes a session.
  public static final String SESSION_CLOSE = "alcedo.session.close";

  /// Answers a conversation.
  public static final String CHAT = "alcedo.chat";

  /// Continues a raw prompt.
  public static final String COMPLETE = "alcedo.complete";

  /// Stops what streams to an address.
  public static final String CANCEL = "alcedo.cancel";

  /// What the addresses begin with that clients make up for the events of one request.
  public static final String STREAM_PREFIX = "alcedo.stream.";

  /// Where engines of a cluster say that they are there, once a second.
  public static final String ENGINE_HERE = "alcedo.engine.here";

  private static final String AT = "@";

  private Addresses() {}

  /// Where a certain engine of a cluster listens.
  ///
  /// @param engine empty for the only one of this process
  public static String at(String address, String engine) {
    return engine.isEmpty() ? address : address + AT + engine;
  }
}
