// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.spi.ImageReport;

/// A picture that was handed in; it is being encoded.
///
/// @param image its handle: the content hash, the same for the same picture
/// @param report size, grid and tokens
public record ImageReply(String image, ImageReport report) {}
