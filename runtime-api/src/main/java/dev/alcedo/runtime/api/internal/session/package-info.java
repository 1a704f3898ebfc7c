// SPDX-License-Identifier: Apache-2.0

/// Running models: providers and backends, the prefill and decode loop, samplers, schedulers,
/// pictures in prompts.
@NullMarked
package dev.alcedo.runtime.api.internal.session;

import org.jspecify.annotations.NullMarked;
