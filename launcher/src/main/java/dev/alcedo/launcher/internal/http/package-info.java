// SPDX-License-Identifier: Apache-2.0

/// The HTTP server: a face of the event bus with OpenAI's API. Limits, keys, routes, streams of
/// events. Nothing here touches the engine.
@NullMarked
package dev.alcedo.launcher.internal.http;

import org.jspecify.annotations.NullMarked;
