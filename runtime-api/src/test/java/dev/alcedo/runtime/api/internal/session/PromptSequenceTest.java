// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptSequenceTest {
  private static final ImageTokens PICTURE =
      new ImageTokens(
          TensorView.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2),
          List.of(
              new ImageTokens.Part.Span(0, 1),
              new ImageTokens.Part.Marker("<row>"),
              new ImageTokens.Part.Span(1, 2)),
          new ImageReport(1, 1, 1, 1, false, 1, 3, Duration.ZERO, Duration.ZERO));

  private static PromptSequence withPicture(String hash) {
    var sequence = new PromptSequence();
    sequence.addIds(new int[] {7, 8});
    sequence.addImage(hash, PICTURE, 0, 1);
    sequence.addId(9);
    sequence.addImage(hash, PICTURE, 1, 2);
    sequence.addId(10);
    return sequence;
  }

  @Test
  void copiesTheRowThatStandsAtAPosition() {
    var out = new float[3];
    withPicture("a").copyEmbedding(2, out, 1);
    assertArrayEquals(new float[] {0, 1, 2}, out);
    withPicture("a").copyEmbedding(5, out, 0);
    assertArrayEquals(new float[] {5, 6, 2}, out);
    assertEquals(3, withPicture("a").imageTokenCount());
  }

  @Test
  void prefixEndsWhereIdsDiffer() {
    var other = withPicture("a");
    other.addId(11);
    assertEquals(7, withPicture("a").commonPrefix(other));
    assertEquals(0, new PromptSequence().commonPrefix(other));
  }

  @Test
  void prefixEndsWherePicturesDiffer() {
    assertEquals(2, withPicture("a").commonPrefix(withPicture("b")));
  }

  @Test
  void prefixEndsWhereTheSamePictureStandsElsewhere() {
    var shifted = new PromptSequence();
    shifted.addIds(new int[] {7, 8});
    shifted.addImage("a", PICTURE, 1, 2);
    assertEquals(2, withPicture("a").commonPrefix(shifted));
  }

  @Test
  void growsBeyondItsFirstCapacity() {
    var sequence = new PromptSequence();
    for (int i = 0; i < 1000; i++) {
      sequence.addId(i);
    }
    sequence.addIds(new int[5000]);
    assertEquals(6000, sequence.length());
    assertEquals(999, sequence.id(999));
  }
}
