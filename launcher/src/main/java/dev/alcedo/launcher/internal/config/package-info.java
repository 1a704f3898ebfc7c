// SPDX-License-Identifier: Apache-2.0

/// Settings: the only reader of arguments, environment and properties. Log set-up lives here too.
@NullMarked
package dev.alcedo.launcher.internal.config;

import org.jspecify.annotations.NullMarked;
