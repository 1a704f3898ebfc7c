// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bytes of pictures that were handed in ahead of their questions, by handle: the question may
/// go to another worker, or the worker may leave. Those used longest ago go first. Any thread.
final class KeptPictures {
  private static final int COUNT_MAX = 256;

  private final long bytesMax;
  private final Map<String, byte[]> pictures = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  KeptPictures(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  synchronized void put(String handle, byte[] picture) {
    byte[] before = pictures.put(handle, picture);
    bytes += picture.length - (before == null ? 0 : before.length);
    Iterator<byte[]> oldest = pictures.values().iterator();
    while (pictures.size() > COUNT_MAX || bytes > bytesMax) {
      bytes -= oldest.next().length;
      oldest.remove();
    }
  }

  synchronized byte @Nullable [] get(String handle) {
    return pictures.get(handle);
  }
}
