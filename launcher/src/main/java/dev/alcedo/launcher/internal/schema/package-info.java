// SPDX-License-Identifier: Apache-2.0

/// JSON schemas as grammars that constrain answers.
@NullMarked
package dev.alcedo.launcher.internal.schema;

import org.jspecify.annotations.NullMarked;
