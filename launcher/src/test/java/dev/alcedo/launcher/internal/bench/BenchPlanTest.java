// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is measured, in which order, and what it needs.
class BenchPlanTest {
  private static final ModelOptions MODEL = ModelOptions.of(Path.of("m.gguf"));

  @Test
  void casesAreEveryLengthAtEveryDepth() {
    List<BenchCase> cases = BenchPlan.cases(List.of(128, 0, 512), List.of(32), List.of(0, 1024));
    assertEquals(
        List.of("pp128", "pp512", "tg32", "pp128 @ d1024", "pp512 @ d1024", "tg32 @ d1024"),
        cases.stream().map(BenchCase::name).toList());
  }

  @Test
  void theContextIsWhatTheLongestTestNeeds() {
    // 1024 before, 512 more, and the token after them.
    assertEquals(1537, plan(MODEL, new BenchCase(512, 0, 1024)).model().contextLength());
    // A prompt of one, its token, and 32 more.
    assertEquals(34, plan(MODEL, new BenchCase(0, 32, 0)).model().contextLength());
    assertEquals(
        5000, plan(MODEL.withContextLength(5000), new BenchCase(0, 32, 0)).model().contextLength());
  }

  @Test
  void aContextTooSmallIsRefusedWithWhatItTakes() {
    var e =
        assertThrows(
            InvalidRequestException.class,
            () -> plan(MODEL.withContextLength(1536), new BenchCase(512, 0, 1024)));
    assertTrue(e.getMessage().contains("1537") && e.getMessage().contains("1536"), e.getMessage());
  }

  @Test
  void nothingToMeasureAndNegativeLengthsAreRefused() {
    assertThrows(InvalidRequestException.class, () -> plan(MODEL));
    assertThrows(
        InvalidRequestException.class, () -> BenchPlan.cases(List.of(1), List.of(-1), List.of(0)));
  }

  @Test
  void theMiddleSampleIsTheMedian() {
    assertEquals(new Spread(3, 1, 9), Spread.of(9, 1, 3));
    assertEquals(new Spread(2.5, 1, 9), Spread.of(9, 1, 3, 2));
    assertEquals(new Spread(4, 4, 4), Spread.of(4));
  }

  @Test
  void picturesAreWholeBitmapsAndDiffer() {
    var size = new BenchPlan.PictureSize(5, 3);
    byte[] first = TestPicture.of(size, 1);
    // Rows of 15 bytes are filled up to 16.
    assertEquals(54 + 48, first.length);
    ByteBuffer header = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(first.length, header.getInt(2));
    assertEquals(5, header.getInt(18));
    assertEquals(3, header.getInt(22));
    assertTrue(!java.util.Arrays.equals(first, TestPicture.of(size, 2)));
    assertThrows(
        InvalidRequestException.class,
        () -> TestPicture.of(new BenchPlan.PictureSize(100_000, 100_000), 1));
  }

  private static BenchPlan plan(ModelOptions model, BenchCase... cases) {
    return new BenchPlan(
        model, List.of(cases), Optional.empty(), List.of(1), 5, Duration.ofSeconds(1));
  }
}
