// SPDX-License-Identifier: Apache-2.0

/// Small programs that use Alcedo as a library.
package dev.alcedo.examples.java.embedding;
