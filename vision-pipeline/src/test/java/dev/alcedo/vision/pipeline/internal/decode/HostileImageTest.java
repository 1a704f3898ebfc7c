// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.testkit.Seeds;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Broken, oversized and malicious pictures end in one clear line, never in an exception of the
/// decoder below.
@ExtendWith(Seeds.class)
class HostileImageTest {
  private static final int FLIPS_PER_CASE = 60;

  private final ImageDecoder decoder = new ImageDecoder(ImageOptions.DEFAULTS);

  static List<DecodeCase> cases() {
    return DecodeCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusesEveryTruncation(DecodeCase whole) {
    for (int length = 0; length < whole.image().length; length++) {
      byte[] part = Arrays.copyOf(whole.image(), length);
      // The last bytes of some formats say nothing: padding, a trailer after the picture.
      if (length >= whole.image().length - 2 || whole.name().startsWith("gif")) {
        decodeOrRefuse(part);
      } else if (!whole.name().equals("bmp-rle8")) {
        assertThrows(InvalidRequestException.class, () -> decoder.decode(part), "length " + length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void survivesFlippedBits(DecodeCase whole) {
    Random random = Seeds.random("flip " + whole.name());
    for (int i = 0; i < FLIPS_PER_CASE; i++) {
      byte[] broken = whole.image().clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      }
      decodeOrRefuse(broken.clone());
      // PNG stops most flips by checksum; with these mended the decoder meets them.
      if (ImageFormat.of(broken).equals(Optional.of(ImageFormat.PNG))) {
        decodeOrRefuse(mended(broken));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void survivesOverwrittenBytes(DecodeCase whole) {
    Random random = Seeds.random("overwrite " + whole.name());
    for (int i = 0; i < FLIPS_PER_CASE; i++) {
      byte[] broken = whole.image().clone();
      int start = random.nextInt(broken.length);
      Arrays.fill(
          broken,
          start,
          Math.min(broken.length, start + 1 + random.nextInt(6)),
          (byte) (random.nextBoolean() ? 0xFF : 0));
      decodeOrRefuse(broken);
    }
  }

  static Stream<String> hugeNames() {
    return Stream.of("png-rgb8", "jpeg-444", "gif", "bmp-24", "webp-lossless", "webp-lossy");
  }

  @ParameterizedTest
  @MethodSource("hugeNames")
  void refusesHugeDimensionsBeforeDecoding(String name) {
    byte[] image = DecodeCase.named(name).image().clone();
    ByteBuffer little = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    switch (name) {
      case "png-rgb8" -> {
        little.order(ByteOrder.BIG_ENDIAN).putInt(16, 20_000).putInt(20, 20_000);
        image = mended(image);
      }
      case "jpeg-444" -> {
        int frame = indexOf(image, 0xFF, 0xC0);
        ByteBuffer.wrap(image)
            .putShort(frame + 5, (short) 20_000)
            .putShort(frame + 7, (short) 20_000);
      }
      case "gif" -> little.putShort(6, (short) 20_000).putShort(8, (short) 20_000);
      case "bmp-24" -> little.putInt(18, 20_000).putInt(22, 20_000);
      case "webp-lossless" ->
          little.putInt(indexOf(image, 'V', 'P', '8', 'L') + 9, 16_383 | 16_383 << 14);
      default -> {
        int frame = indexOf(image, 0x9D, 0x01, 0x2A);
        little.putShort(frame + 3, (short) 16_383).putShort(frame + 5, (short) 16_383);
      }
    }
    byte[] huge = image;
    String message =
        assertThrows(InvalidRequestException.class, () -> decoder.decode(huge)).getMessage();
    assertEquals(1, message.lines().count());
    // A bitmap says first that its rows are not there.
    assertTrue(
        message.contains("limit of") || name.equals("bmp-24") && message.contains("truncated"),
        message);
  }

  @Test
  void namesTheLimitThatIsExceeded() {
    byte[] image = DecodeCase.named("png-rgb8").image();
    var d = ImageOptions.DEFAULTS;
    assertRefused(options(10, d.pixelsMax(), d.sideMax()), image, "bytesMax");
    assertRefused(options(d.bytesMax(), 116, d.sideMax()), image, "pixelsMax");
    assertRefused(options(d.bytesMax(), d.pixelsMax(), 12), image, "sideMax");
    new ImageDecoder(options(image.length, 117, 13)).decode(image);
  }

  @Test
  void decodesThinPictures() throws IOException {
    for (String format : List.of("png", "jpg", "bmp", "gif")) {
      Bitmap bitmap = decoder.decode(encoded(new BufferedImage(1, 10_000, 1), format));
      assertEquals(1, bitmap.width());
      assertEquals(10_000, bitmap.height());
    }
  }

  @Test
  void refusesWhatIsNoPicture() {
    assertRefused(ImageOptions.DEFAULTS, new byte[0], "empty");
    assertRefused(ImageOptions.DEFAULTS, new byte[1], "unknown format");
    assertRefused(
        ImageOptions.DEFAULTS,
        "%PDF-1.7 and so on".getBytes(StandardCharsets.US_ASCII),
        "expected PNG, JPEG, GIF, BMP or WebP");
    assertRefused(ImageOptions.DEFAULTS, "BM".getBytes(StandardCharsets.US_ASCII), "truncated");
  }

  @Test
  void refusesAnimatedWebp() {
    byte[] image = DecodeCase.named("webp-exif-8").image().clone();
    image[indexOf(image, 'V', 'P', '8', 'X') + 8] |= 2;
    assertRefused(ImageOptions.DEFAULTS, image, "animation is not supported");
  }

  @Test
  void refusesJpegProcessesThatFewRead() {
    byte[] image = DecodeCase.named("jpeg-444").image().clone();
    image[indexOf(image, 0xFF, 0xC0) + 1] = (byte) 0xC9;
    assertRefused(ImageOptions.DEFAULTS, image, "save it as baseline or progressive");
  }

  @Test
  void refusesManyScans() {
    byte[] image = DecodeCase.named("jpeg-444").image();
    int scan = indexOf(image, 0xFF, 0xDA);
    var many = new ByteArrayOutputStream();
    many.write(image, 0, scan);
    for (int i = 0; i < 101; i++) {
      many.write(image, scan, image.length - scan - 2);
    }
    many.write(image, image.length - 2, 2);
    assertRefused(ImageOptions.DEFAULTS, many.toByteArray(), "scans");
  }

  private void decodeOrRefuse(byte[] image) {
    try {
      decoder.decode(image);
    } catch (VlmException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }

  private static void assertRefused(ImageOptions options, byte[] image, String expected) {
    String message =
        assertThrows(InvalidRequestException.class, () -> new ImageDecoder(options).decode(image))
            .getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static ImageOptions options(long bytesMax, long pixelsMax, int sideMax) {
    var d = ImageOptions.DEFAULTS;
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, d.rule(), d.alpha(), d.gridMax(), true, d.tileBatchMax(), 0);
  }

  private static byte[] encoded(BufferedImage image, String format) throws IOException {
    var out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, out));
    return out.toByteArray();
  }

  /// A PNG with the checksums that its chunks should have, as far as it has chunks.
  private static byte[] mended(byte[] png) {
    byte[] out = png.clone();
    var buffer = ByteBuffer.wrap(out);
    int at = 8;
    while (at + 12 <= out.length) {
      long length = Integer.toUnsignedLong(buffer.getInt(at));
      if (length > out.length - at - 12) {
        return out;
      }
      var crc = new CRC32();
      crc.update(out, at + 4, (int) length + 4);
      buffer.putInt(at + 8 + (int) length, (int) crc.getValue());
      at += 12 + (int) length;
    }
    return out;
  }

  private static int indexOf(byte[] image, int... wanted) {
    for (int i = 0; i + wanted.length <= image.length; i++) {
      boolean isHere = true;
      for (int j = 0; j < wanted.length; j++) {
        isHere &= (image[i + j] & 255) == wanted[j];
      }
      if (isHere) {
        return i;
      }
    }
    throw new AssertionError("not in the picture: " + Arrays.toString(wanted));
  }
}
