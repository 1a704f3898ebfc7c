// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Continues a raw prompt.
///
/// @param session handle of an open session
/// @param replyTo address of the client's own making where the events go
/// @param parts texts, token ids and pictures in order
/// @param options how to continue
public record CompleteRequest(
    String session, String replyTo, List<Part> parts, @Nullable GenerationSpec options) {}
