// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.EncodingOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Pictures by handle and by content, the one used longest ago first. Those that are encoded leave
/// when they have not been used for long, or when their image tokens need more than their room;
/// whoever still holds one keeps its tokens. One thread at a time.
final class ImageShelf {
  private static final int TAG_BYTES = 4;
  private static final int SECRET_BYTES = 16;
  private static final int SHOWN_LENGTH_MAX = 64;

  private final EncodingOptions options;
  private final LongSupplier nanoTime;
  private final SecureRandom random = new SecureRandom();
  private final String tag = hex(TAG_BYTES);
  private final Map<String, PreparedImage> byContent = new HashMap<>();
  private final Map<String, Kept> byHandle = new LinkedHashMap<>(16, 0.75f, true);

  private record Kept(PreparedImage image, long usedNanos) {}

  /// @param nanoTime tells the time
  ImageShelf(EncodingOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
  }

  /// A handle that was not given before: this model's tag and a number that nobody can guess.
  String newHandle() {
    return tag + "-" + hex(SECRET_BYTES);
  }

  private String hex(int byteCount) {
    var bytes = new byte[byteCount];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  void put(PreparedImage image) {
    byContent.put(image.contentHash(), image);
    touch(image);
    tidy();
  }

  private void touch(PreparedImage image) {
    byHandle.put(image.handle(), new Kept(image, nanoTime.getAsLong()));
  }

  /// The picture with this content, used now.
  @Nullable PreparedImage withContent(String contentHash) {
    tidy();
    PreparedImage image = byContent.get(contentHash);
    if (image != null) {
      touch(image);
    }
    return image;
  }

  /// The picture called `handle`, used now.
  ///
  /// @param modelName for the message
  /// @throws InvalidRequestException if there is none (any more)
  PreparedImage withHandle(String handle, String modelName) {
    tidy();
    Kept kept = byHandle.get(handle);
    if (kept != null) {
      touch(kept.image());
      return kept.image();
    }
    String shown =
        handle.length() <= SHOWN_LENGTH_MAX
            ? handle
            : handle.substring(0, SHOWN_LENGTH_MAX) + "...";
    throw new InvalidRequestException(
        handle.startsWith(tag + "-")
            ? "picture handle '%s': expired or discarded (model '%s' keeps pictures for %s after their last use, within %d bytes of image tokens): hand the picture in again"
                .formatted(shown, modelName, text(options.expiry()), options.cacheBytes())
            : "picture handle '%s': expected one that model '%s' gave, got another model's or none: hand the picture in to the model that is asked"
                .formatted(shown, modelName));
  }

  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  @Nullable PreparedImage remove(String handle) {
    Kept kept = byHandle.remove(handle);
    if (kept == null) {
      return null;
    }
    byContent.remove(kept.image().contentHash(), kept.image());
    return kept.image();
  }

  /// Drops what is too old or too much. Pictures on their way stay.
  void tidy() {
    long now = nanoTime.getAsLong();
    long bytes = bytes();
    for (Iterator<Kept> i = byHandle.values().iterator(); i.hasNext(); ) {
      Kept oldest = i.next();
      boolean isOld = now - oldest.usedNanos() > options.expiry().toNanos();
      if (!isOld && bytes <= options.cacheBytes()) {
        return;
      }
      if (oldest.image().future().isDone()) {
        bytes -= bytes(oldest.image());
        byContent.remove(oldest.image().contentHash(), oldest.image());
        i.remove();
      }
    }
  }

  /// Bytes of all image tokens that are kept.
  long bytes() {
    return byHandle.values().stream().mapToLong(k -> bytes(k.image())).sum();
  }

  private static long bytes(PreparedImage image) {
    return image.isEncoded() ? image.embeddings().byteSize() : 0;
  }

  /// All that are kept.
  List<PreparedImage> images() {
    var images = new ArrayList<PreparedImage>();
    byHandle.values().forEach(k -> images.add(k.image()));
    return images;
  }
}
