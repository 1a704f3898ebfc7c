// SPDX-License-Identifier: Apache-2.0

/// The four service-provider interfaces (backends, tokenizers, encoders, schedulers) and the values
/// that they answer with. Providers are found by `ServiceLoader`; a provider has a public no-arg
/// constructor that loads nothing and starts nothing.
@NullMarked
package dev.alcedo.runtime.api.spi;

import org.jspecify.annotations.NullMarked;
