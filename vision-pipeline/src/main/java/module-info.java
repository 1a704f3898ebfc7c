// SPDX-License-Identifier: Apache-2.0

/// From image bytes to image tokens.
module dev.alcedo.vision.pipeline {
  requires dev.alcedo.runtime.api;
  requires org.slf4j;
  requires static org.jspecify;
}
