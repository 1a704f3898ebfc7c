// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.GgufMutations;
import dev.alcedo.testkit.GgufMutations.Mutant;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestGguf;
import dev.alcedo.testkit.ToyMmproj;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Broken files give a [VlmException] or a file that can be read to its last byte; never another
/// exception, and never more memory than the file's size justifies.
@ExtendWith(Seeds.class)
class GgufFuzzTest {
  private static final TestGguf.Written SMALL =
      new TestGguf()
          .string("general.architecture", "llama")
          .alignment(64)
          .f32("number", 1.5f)
          .bool("flag", true)
          .strings("tokens", List.of("a", "\u2581b", "", "\ud83d\udc26"))
          .i32s("types", 1, 2, 3)
          .f32s("scores", 1, 2, 3)
          .array("bits", TestGguf.BOOL, 3, new byte[] {0, 1, 0})
          .tensor("a.weight", DType.F32, new float[6], 2, 3)
          .tensor("b.weight", DType.Q4_0, new float[64], 2, 32)
          .tensor("c.weight", DType.F16, new float[24], 4, 3, 2, 1)
          .write();

  /// A few bytes of file for a string, key or tensor become some hundred of heap.
  private static final long BYTES_PER_BYTE = 64;

  private static final long BYTES_FIXED = 1 << 20; // messages, stack traces

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int refused;

  /// Whether the file was refused.
  private boolean read(Mutant mutant) {
    int refusedBefore = refused;
    byte[] bytes = mutant.bytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      touchAll(GgufHeader.read("fuzz.gguf", MemorySegment.ofArray(bytes)));
    } catch (VlmException e) {
      refused++;
      assertTrue(e.getMessage().startsWith("fuzz.gguf: "), e.getMessage());
      assertTrue(e.getMessage().length() < 2000, e.getMessage());
    } catch (RuntimeException | Error e) {
      fail("%s; %s".formatted(mutant.how(), Seeds.hint()), e);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= BYTES_FIXED + BYTES_PER_BYTE * bytes.length,
        () ->
            "%s: %d bytes allocated for a file of %d; %s"
                .formatted(mutant.how(), allocated, bytes.length, Seeds.hint()));
    return refused > refusedBefore;
  }

  private static void touchAll(GgufHeader header) {
    for (var view : header.tensors().values()) {
      view.data().get(ValueLayout.JAVA_BYTE, 0);
      view.data().get(ValueLayout.JAVA_BYTE, view.byteSize() - 1);
    }
  }

  @Test
  void truncated_files_are_refused_unless_only_padding_is_cut() {
    int needed = SMALL.field("data:c.weight").offset() + 24 * 2;
    GgufMutations.truncations(
        SMALL,
        Seeds.random("gguf cuts"),
        500,
        mutant ->
            assertEquals(
                mutant.bytes().length < needed,
                read(mutant),
                () -> mutant.how() + "; " + Seeds.hint()));
  }

  @Test
  void numbers_replaced_by_extreme_ones() {
    GgufMutations.extremes(SMALL, this::read);
    assertTrue(refused > 500, () -> refused + " refused");
  }

  @Test
  void flipped_bits() {
    int header = SMALL.field("data:a.weight").offset();
    GgufMutations.flips(SMALL, header, Seeds.random("gguf flips"), 10_000, this::read);
    assertTrue(refused > 2_500, () -> refused + " refused");
  }

  @Test
  void flipped_bits_of_a_whole_mmproj() {
    var file = ToyMmproj.small(DType.Q8_0).gguf().write();
    int header = file.field("data:v.patch_embd.weight").offset();
    GgufMutations.flips(file, header, Seeds.random("mmproj flips"), 1_000, this::read);
    GgufMutations.truncations(file, Seeds.random("mmproj cuts"), 200, this::read);
    assertTrue(refused > 500, () -> refused + " refused");
  }

  @Test
  void random_bytes_after_a_good_beginning() {
    var random = Seeds.random("gguf noise");
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = SMALL.bytes().clone();
      int from = 8 + random.nextInt(200);
      for (int at = from; at < bytes.length; at++) {
        bytes[at] = (byte) random.nextInt(256);
      }
      read(new Mutant("noise from byte " + from, bytes));
    }
    assertTrue(refused > 1_900, () -> refused + " refused");
  }
}
