// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.QuantizeReport;

/// What quantising a file has come to.
public record QuantizeReply(QuantizeReport report) {}
