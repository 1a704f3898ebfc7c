// SPDX-License-Identifier: Apache-2.0
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.SafeTensorSupport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Quantises a model folder to Jlama's Q4, as its command `quantize` does without options.
class JlamaQuantise {
  /// Takes the model's folder and the new one.
  public static void main(String[] args) throws IOException {
    String[] skippedNames = {"norm"};
    SafeTensorSupport.quantizeModel(
        Path.of(args[0]), DType.Q4, skippedNames, null, Optional.of(Path.of(args[1])));
  }
}
