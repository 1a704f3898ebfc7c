// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import java.util.List;

/// The loaded models, oldest first.
public record ModelsReply(List<ModelReply> models) {}
