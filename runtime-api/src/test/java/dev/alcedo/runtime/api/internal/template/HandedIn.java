// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.spi.ImageReport;

/// Stands for a picture that was handed in; templates only pass it on.
final class HandedIn implements Image {
  @Override
  public String handle() {
    return "handed-in";
  }

  @Override
  public String contentHash() {
    return "";
  }

  @Override
  public ImageReport report() {
    throw new AssertionError("templates do not look into pictures");
  }

  @Override
  public boolean isEncoded() {
    return false;
  }

  @Override
  public ImageReport await() {
    throw new AssertionError("templates do not wait for pictures");
  }
}
