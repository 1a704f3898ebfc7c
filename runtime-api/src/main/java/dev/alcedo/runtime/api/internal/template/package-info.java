// SPDX-License-Identifier: Apache-2.0

/// Chat templates: a conversation as the prompt that a model was trained on, in which what the
/// template says, what people said and where pictures stand are kept apart. No ids here.
@NullMarked
package dev.alcedo.runtime.api.internal.template;

import org.jspecify.annotations.NullMarked;
