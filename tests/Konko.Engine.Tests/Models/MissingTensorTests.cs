using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Tests.Gguf;

namespace Konko.Engine.Tests.Models;

/// <summary>A file that lost any of its tensors is refused, for a model without it would only talk nonsense.</summary>
public sealed class MissingTensorTests
{
    // Without a head of its own a model takes the embedding; factors of frequencies are there in some files only, and those for a short context are not read for a long one.
    private static readonly string[] s_optional = ["output.weight", "rope_freqs.weight", "rope_factors_short.weight"];

    public static TheoryData<string> Files =>
        ["llama", "llama-tied-freqs", "mixtral", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3", "phi3-longrope", "smollm3", "olmo2", "gpt-oss", "granite"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_AnyTensorOfTheFirstLayerOrOfNoneMissing_IsRefused(string name)
    {
        byte[] original = File.ReadAllBytes(TinyModels.Path(name));
        GgufField[] names = [.. new GgufFieldMap(original).Fields.Where(field => field.Kind == GgufFieldKind.Text && field.Owner.StartsWith("tensor ", StringComparison.Ordinal))];
        using var folder = new TemporaryFolder();
        string path = folder.File("missing.gguf");
        int refused = 0;
        foreach (GgufField field in names)
        {
            string tensor = System.Text.Encoding.UTF8.GetString(original, field.Offset, field.Length);
            if (s_optional.Contains(tensor) || (tensor.StartsWith("blk.", StringComparison.Ordinal) && !tensor.StartsWith("blk.0.", StringComparison.Ordinal))) continue;
            byte[] bytes = [.. original];
            bytes[field.Offset + field.Length - 1] = (byte)'?';
            File.WriteAllBytes(path, bytes);
            using GgufFile file = GgufFile.Open(path);
            Exception? refusal = Record.Exception(() => ModelLoader.Load(file, 1, 64).Model.Dispose());
            Assert.True(refusal is GgufException, $"{name} without {tensor}: {refusal?.GetType().Name ?? "loaded"}");
            refused++;
        }

        Assert.True(refused >= 8, $"{refused} of {names.Length} tensors");
    }
}
