// SPDX-License-Identifier: Apache-2.0

/// What the engine did and when, for a listener and for JDK Flight Recorder. Nothing of prompts and
/// pictures comes here.
@NullMarked
package dev.alcedo.runtime.api.internal.trace;

import org.jspecify.annotations.NullMarked;
