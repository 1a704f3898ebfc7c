// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.ImageTokens.Part.Span;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.time.Duration;
import java.util.Arrays;
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
    sequence.addImage(hash, ArrivingTokens.of(PICTURE), new Span(0, 1));
    sequence.addId(9);
    sequence.addImage(hash, ArrivingTokens.of(PICTURE), new Span(1, 2));
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
    shifted.addImage("a", ArrivingTokens.of(PICTURE), new Span(1, 2));
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

  private static int[] turns(PromptSequence sequence, int position) {
    var out = new int[6];
    sequence.copyTurns(position, out, 1);
    assertEquals(0, out[0] + out[5]);
    return Arrays.copyOfRange(out, 1, 5);
  }

  @Test
  void gridsTakeAsManyRotaryPositionsAsTheirLongerSide() {
    var sequence = new PromptSequence();
    sequence.addIds(new int[] {7, 8});
    sequence.addImage("a", ArrivingTokens.of(PICTURE), new Span(0, 6, 3, false)); // 2 rows of 3
    sequence.addId(9);
    sequence.addImage("b", ArrivingTokens.of(PICTURE), new Span(0, 4, 1, false)); // 4 rows of 1
    sequence.addIds(new int[] {10, 11});
    assertArrayEquals(new int[] {1, 1, 1, 0}, turns(sequence, 1));
    assertArrayEquals(new int[] {2, 2, 2, 0}, turns(sequence, 2));
    assertArrayEquals(new int[] {2, 2, 4, 0}, turns(sequence, 4));
    assertArrayEquals(new int[] {2, 3, 2, 0}, turns(sequence, 5));
    assertArrayEquals(new int[] {2, 3, 4, 0}, turns(sequence, 7));
    assertArrayEquals(new int[] {5, 5, 5, 0}, turns(sequence, 8));
    assertArrayEquals(new int[] {6, 6, 6, 0}, turns(sequence, 9));
    assertArrayEquals(new int[] {6, 9, 6, 0}, turns(sequence, 12));
    assertArrayEquals(new int[] {10, 10, 10, 0}, turns(sequence, 13));
    assertArrayEquals(new int[] {11, 11, 11, 0}, turns(sequence, 14));
  }

  @Test
  void imageTokensWithoutAGridFollowEachOther() {
    var sequence = withPicture("a");
    for (int i = 0; i < sequence.length(); i++) {
      assertArrayEquals(new int[] {i, i, i, 0}, turns(sequence, i));
    }
  }

  @Test
  void runsEndAtBidirectionalSpans() {
    var sequence = new PromptSequence();
    sequence.addIds(new int[] {7, 8});
    sequence.addImage("a", ArrivingTokens.of(PICTURE), new Span(0, 2, 0, false));
    sequence.addImage("a", ArrivingTokens.of(PICTURE), new Span(0, 3, 0, true));
    sequence.addIds(new int[] {9, 10});
    assertEquals(4, sequence.runLength(0));
    assertEquals(1, sequence.runLength(3));
    assertEquals(3, sequence.runLength(4));
    assertEquals(2, sequence.runLength(7));
    assertEquals(
        List.of(3, 4, 4, 4, 7, 9),
        List.of(3, 4, 5, 6, 7, 9).stream().map(sequence::resumable).toList());
  }
}
