// SPDX-License-Identifier: Apache-2.0

/// Test support for Alcedo and for plugin authors: contract suites, toy models, fakes and seeded
/// randomness. Uses exported packages of runtime-api only, because other modules' tests run it.
@NullMarked
package dev.alcedo.testkit;

import org.jspecify.annotations.NullMarked;
