// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.network.Network;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compiled networks as files. The name is a hash of all that the result depends on; the file is a
/// magic number, the library's major version, a SHA-256 of the rest, and the library's bytes. What
/// is damaged or of another version is as good as absent, and deleted.
final class NetworkCache {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkCache.class);
  private static final int MAGIC = 0x4E50_4C41; // ALPN, little-endian
  private static final int HASH_BYTES = 32;
  private static final int HEADER_BYTES = 8 + HASH_BYTES;

  private final Path directory;
  private final String context;
  private final int majorVersion;

  /// @param context what results depend on beside the network: version, device, options
  NetworkCache(Path directory, String context, int majorVersion) {
    this.directory = directory;
    this.context = context;
    this.majorVersion = majorVersion;
  }

  /// The file for `network`, whether or not it is there.
  Path file(Network network) {
    MessageDigest digest = Digests.sha256();
    digest.update(context.getBytes(StandardCharsets.UTF_8));
    network.digestTo(digest);
    return directory.resolve(HexFormat.of().formatHex(digest.digest()) + ".neuron");
  }

  /// The library's bytes in `file`, if it is there and whole.
  Optional<MemorySegment> load(Path file, Arena arena) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      if (isWhole(all)) {
        MemorySegment bytes = all.asSlice(HEADER_BYTES);
        return Optional.of(arena.allocate(bytes.byteSize(), 64).copyFrom(bytes));
      }
      LOG.info("compiled network {} is damaged or of another version, compiling anew", file);
    } catch (IOException e) {
      LOG.info("compiled network {} cannot be read, compiling anew: {}", file, e.toString());
    }
    discard(file);
    return Optional.empty();
  }

  private boolean isWhole(MemorySegment all) {
    if (all.byteSize() <= HEADER_BYTES
        || all.get(ValueLayout.JAVA_INT_UNALIGNED, 0) != MAGIC
        || all.get(ValueLayout.JAVA_INT_UNALIGNED, 4) != majorVersion) {
      return false;
    }
    byte[] hash = all.asSlice(8, HASH_BYTES).toArray(ValueLayout.JAVA_BYTE);
    return Arrays.equals(hash, hash(all.asSlice(HEADER_BYTES)));
  }

  /// Keeps `bytes`; a failure to do so costs time at the next start and is only logged.
  void store(Path file, MemorySegment bytes) {
    try {
      Files.createDirectories(directory);
      Path part = Files.createTempFile(directory, "network", ".part");
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
          Arena arena = Arena.ofConfined()) {
        MemorySegment header = arena.allocate(HEADER_BYTES);
        header.set(ValueLayout.JAVA_INT_UNALIGNED, 0, MAGIC);
        header.set(ValueLayout.JAVA_INT_UNALIGNED, 4, majorVersion);
        header.asSlice(8).copyFrom(MemorySegment.ofArray(hash(bytes)));
        write(channel, header);
        write(channel, bytes);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.info("compiled network {} cannot be kept: {}", file, e.toString());
    }
  }

  private static void write(FileChannel channel, MemorySegment memory) throws IOException {
    var buffer = memory.asByteBuffer();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /// Forgets a network that the library did not take.
  void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("compiled network {} cannot be deleted", file, e);
    }
  }

  private static byte[] hash(MemorySegment memory) {
    MessageDigest digest = Digests.sha256();
    digest.update(memory.asByteBuffer());
    return digest.digest();
  }
}
