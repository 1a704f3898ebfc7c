// SPDX-License-Identifier: Apache-2.0

/// The Vector API kernels; nothing outside this package and those in it imports
/// `jdk.incubator.vector`.
///
/// Rules that keep them fast, each learned from a kernel that was not: every loop over vectors is a
/// method of its own, because the JIT stops inlining vector operations at about a hundred per
/// method and then allocates an object for each; one width per element type, because a second one
/// makes every call of that type's methods bimorphic; vectors are neither fields nor arguments of
/// methods that are not inlined; no method is called on a vector that a loop carries along, which
/// is an argument instead (`product.add(sum)`). Of such a vector the JIT knows the class only from
/// profiles, and a kernel that was compiled before there were any would allocate until the process
/// ends.
@NullMarked
package dev.alcedo.backend.cpu.internal.vector;

import org.jspecify.annotations.NullMarked;
