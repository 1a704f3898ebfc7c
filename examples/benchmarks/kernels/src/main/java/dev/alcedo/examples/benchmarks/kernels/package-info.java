// SPDX-License-Identifier: Apache-2.0

/// JMH benchmarks of the kernels of backend-cpu, each with the bytes and the operations of a call,
/// and of the machine itself, so that a speed can be read as a part of what is possible.
package dev.alcedo.examples.benchmarks.kernels;
