// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The timeout only turns a hang into a failure.
@Timeout(60)
class ImageStoreTest {
  private static final long TOKEN_BYTES = 4L * FakeEncoder.COLS;

  private final FakeEncoder encoder = new FakeEncoder();
  private ImageStore store = new ImageStore(encoder, 10 * TOKEN_BYTES, "test");

  @AfterEach
  void closeStore() {
    encoder.gate.complete(null);
    store.close();
  }

  private PreparedImage prepare(int size) {
    return store.prepare(new byte[] {(byte) size});
  }

  private PreparedImage encoded(int size) {
    PreparedImage image = prepare(size);
    image.await();
    return image;
  }

  @Test
  void theSamePictureIsEncodedOnce() {
    encoder.gate = new CompletableFuture<>();
    PreparedImage first = prepare(3);
    assertSame(first, prepare(3), "while it is on its way");
    assertFalse(first.isEncoded());
    assertEquals(3, first.report().tokenCount(), "known before encoding");
    encoder.gate.complete(null);
    assertTrue(first.await().encodeTime().isPositive());
    assertSame(first, prepare(3), "and afterwards");
    assertTrue(first.isEncoded());
    assertEquals(1, encoder.encodeCount.get());
    assertEquals(64, first.contentHash().length());
  }

  @Test
  void thosePreparedLongestAgoAreDroppedBeyondTheBudget() {
    PreparedImage four = encoded(4);
    PreparedImage five = encoded(5);
    assertSame(four, prepare(4), "now five is the oldest");
    encoded(3);
    settle();
    assertSame(four, prepare(4));
    assertNotSame(five, prepare(5), "dropped, and encoded again");
    assertEquals(5, five.await(Progress.NONE, new Cancellation()).embeddings().shape().dim(0));
  }

  /// Waits until the worker is done with everything before: it shrinks after it completes.
  private void settle() {
    assertThrows(InvalidRequestException.class, () -> prepare(99).await());
  }

  @Test
  void aPictureBeyondTheBudgetServesThoseWhoHoldIt() {
    PreparedImage large = encoded(11);
    settle();
    assertNotSame(large, prepare(11));
    assertEquals(11, large.await(Progress.NONE, new Cancellation()).report().tokenCount());
  }

  @Test
  void aFailureReachesWhoWaitsAndIsNotKept() {
    assertThrows(InvalidRequestException.class, () -> prepare(0));
    PreparedImage bad = prepare(99);
    var e = assertThrows(InvalidRequestException.class, bad::await);
    assertEquals("broken picture", e.getMessage());
    assertFalse(bad.isEncoded());
    assertEquals(99, bad.report().tokenCount());
    assertNotSame(bad, prepare(99), "another try");
    var other = assertThrows(BackendException.class, () -> prepare(98).await());
    assertInstanceOf(StackOverflowError.class, other.getCause());
    assertEquals(2, encoded(2).report().tokenCount(), "the worker lives");
  }

  @Test
  void whoStopsWaitingDoesNotStopTheEncoding() {
    encoder.gate = new CompletableFuture<>();
    PreparedImage image = prepare(3);
    var cancellation = new Cancellation();
    List<String> heard = new ArrayList<>();
    cancellation.cancel();
    assertThrows(
        CancelledException.class,
        () -> image.await((step, done, total) -> heard.add(step), cancellation));
    encoder.gate.complete(null);
    assertEquals(3, image.await().tokenCount());
    assertEquals(List.of(), heard, "nobody is told who no longer waits");
  }

  @Test
  void closingEndsWhatRunsAndWhatWaits() {
    encoder.gate = new CompletableFuture<>();
    PreparedImage running = prepare(3);
    PreparedImage waiting = prepare(4);
    encoder.started.join();
    store.close();
    assertThrows(CancelledException.class, running::await);
    assertThrows(CancelledException.class, waiting::await);
    assertTrue(encoder.isClosed);
    var e = assertThrows(IllegalStateException.class, () -> prepare(5));
    assertTrue(e.getMessage().contains("closed"), e.getMessage());
    assertEquals(1, encoder.encodeCount.get());
  }
}
