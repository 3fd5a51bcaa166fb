using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Tests.Gguf;

namespace Konko.Engine.Tests.Models;

/// <summary>A file with tensors that its architecture does not know is refused: leaving them out would be another model.</summary>
public sealed class UnknownTensorTests
{
    [Theory]
    [InlineData("blk.0.ffn_gate.bias", 128)]
    [InlineData("blk.1.attn_q_norm.weight", 16)]
    [InlineData("blk.2.attn_norm.weight", 64)]
    [InlineData("cls.output.weight", 64)]
    public void Load_TensorThatTheArchitectureDoesNotKnow_IsRefused(string name, int elements)
    {
        using var folder = new TemporaryFolder();
        using GgufFile file = GgufFile.Open(TinyModels.Path("llama"));
        GgufWriter writer = file.Copy();
        writer.AddTensor(name, GgmlType.F32, [elements], new byte[elements * sizeof(float)]);
        using GgufFile more = SmallGguf.Open(folder, writer);
        string message = Assert.Throws<GgufException>(() => ModelLoader.Load(more, 1, 64)).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("'llama'", message, StringComparison.Ordinal);
    }
}
