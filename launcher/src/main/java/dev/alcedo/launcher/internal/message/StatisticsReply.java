// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.ModelStatistics;

/// What a model holds and has saved.
public record StatisticsReply(ModelStatistics statistics) {}
