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
import dev.alcedo.runtime.api.EncodingOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Tracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The timeout only turns a hang into a failure.
@Timeout(60)
class ImageStoreTest {
  private static final long TOKEN_BYTES = 4L * FakeEncoder.COLS;

  private final FakeEncoder encoder = new FakeEncoder();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger arrivals = new AtomicInteger();
  private ImageStore store = store(false);

  private ImageStore store(boolean isReleasing) {
    EncodingOptions options =
        EncodingOptions.DEFAULTS.cacheBytes(10 * TOKEN_BYTES).expiry(Duration.ofSeconds(60));
    return new ImageStore(
        encoder,
        new ImageStore.Limits("test", 128, FakeEncoder.COLS, options, isReleasing),
        Tracer.NONE,
        arrivals::incrementAndGet,
        nanos::get);
  }

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
  void handlesFindTheirPicturesUntilTheyExpire() {
    PreparedImage three = encoded(3);
    settle();
    assertSame(three, store.prepared(three.handle()));
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertSame(three, store.prepared(three.handle()), "and this use counts");
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertSame(three, prepare(3), "as does this one");
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    var e = assertThrows(InvalidRequestException.class, () -> store.prepared(three.handle()));
    assertEquals(
        "picture handle '%s': expired or discarded (model 'test' keeps pictures for 60 s after their last use, within 160 bytes of image tokens): hand the picture in again"
            .formatted(three.handle()),
        e.getMessage());
    assertNotSame(three, prepare(3));
    assertEquals(3, three.await().tokenCount(), "who holds it keeps it");
  }

  @Test
  void handlesOfPicturesOnTheirWayDoNotExpire() {
    encoder.gate = new CompletableFuture<>();
    PreparedImage three = prepare(3);
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertSame(three, store.prepared(three.handle()));
  }

  @Test
  void handlesOfOtherModelsAreRefused() {
    try (ImageStore other = store(false)) {
      String foreign = other.prepare(new byte[] {3}).handle();
      assertEquals(foreign.length(), prepare(3).handle().length());
      for (String handle : List.of(foreign, "", "x".repeat(1000))) {
        var e = assertThrows(InvalidRequestException.class, () -> store.prepared(handle));
        assertTrue(e.getMessage().contains("another model's or none"), e.getMessage());
        assertTrue(e.getMessage().length() < 300, e.getMessage());
      }
    } finally {
      encoder.isClosed = false;
    }
  }

  @Test
  void whatIsDiscardedStops() {
    encoder.gate = new CompletableFuture<>();
    PreparedImage running = prepare(3);
    encoder.started.join();
    store.discard(running.handle());
    store.discard("no such handle");
    assertThrows(CancelledException.class, running::await);
    assertThrows(CancelledException.class, running::arrivedCount);
    assertThrows(InvalidRequestException.class, () -> store.prepared(running.handle()));
    encoder.gate.complete(null);
    assertEquals(2, encoded(2).report().tokenCount(), "the worker lives");
    settle();
    assertEquals(1, store.counts().kept());
  }

  @Test
  void picturesThatLeaveNoRoomInTheContextAreNotEncoded() {
    store.close();
    encoder.isClosed = false;
    var limits =
        new ImageStore.Limits("test", 9, FakeEncoder.COLS, EncodingOptions.DEFAULTS, false);
    store = new ImageStore(encoder, limits, Tracer.NONE, () -> {}, nanos::get);
    assertEquals(8, encoded(8).report().tokenCount());
    var e = assertThrows(ResourceExhaustedException.class, () -> prepare(9));
    assertEquals(
        "image of 1x1 pixels: its grid of 1:1 gives 9 image tokens, which do not fit the context of 9: raise --context, or lower --image-max-tokens",
        e.getMessage());
    assertEquals(1, encoder.encodeCount.get());
  }

  @Test
  void theEncoderIsReleasedOnceNoPictureWaits() {
    store.close();
    encoder.isClosed = false;
    store = store(true);
    encoder.gate = new CompletableFuture<>();
    PreparedImage three = prepare(3);
    prepare(4);
    PreparedImage bad = prepare(99);
    encoder.gate.complete(null);
    three.await();
    assertThrows(InvalidRequestException.class, bad::await);
    while (encoder.releaseCount.get() == 0) {
      Thread.onSpinWait();
    }
    settle();
    while (encoder.releaseCount.get() == 1) {
      Thread.onSpinWait();
    }
    assertEquals(2, encoder.releaseCount.get(), "after three pictures, and after one more");
    assertTrue(arrivals.get() >= 4, "the engine heard of each end");
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
