// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Closes several resources, all of them, even if one fails to close.
public final class Closing {
  private Closing() {}

  /// Closes in order; throws what the first failing one threw, with the others' as suppressed.
  public static void closeAll(Collection<? extends AutoCloseable> resources) {
    Throwable failure = null;
    for (AutoCloseable resource : resources) {
      failure = close(resource, failure);
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("close failed: " + failure, failure);
    }
  }

  /// Closes in order after `cause`, which gets what goes wrong as suppressed and stays the failure.
  public static void closeAllAfter(Throwable cause, Collection<? extends AutoCloseable> resources) {
    resources.forEach(resource -> close(resource, cause));
  }

  private static @Nullable Throwable close(AutoCloseable resource, @Nullable Throwable earlier) {
    try {
      resource.close();
      return earlier;
    } catch (Throwable e) { // whatever a driver throws, the rest must still be closed
      if (earlier == null || earlier == e) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }
}
