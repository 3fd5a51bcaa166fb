using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Tests.Gguf;

namespace Konko.Engine.Tests.Models;

/// <summary>Scaling of rotary positions is applied or refused, never passed over.</summary>
public sealed class RopeScalingTests
{
    private const string Long = "rope_factors_long.weight", Short = "rope_factors_short.weight";

    [Theory]
    [InlineData("longrope", 64, true, true, null)]
    [InlineData("longrope", 64, true, false, null)]
    [InlineData("longrope", 64, false, true, Long)]
    [InlineData("longrope", 512, true, true, null)]
    [InlineData("longrope", 512, false, true, null)]
    [InlineData("longrope", 512, true, false, Short)]
    [InlineData("longrope", null, false, false, Short)]
    [InlineData(null, 64, true, true, null)]
    [InlineData(null, 64, false, true, Long)]
    [InlineData(null, 512, true, false, Short)]
    [InlineData(null, null, false, false, null)]
    [InlineData("linear", 64, true, true, Long)]
    [InlineData("yarn", 64, false, true, Short)]
    [InlineData("dynamic", null, false, false, "llama.rope.scaling.type")]
    public void Load_LongRope_NeedsTheFactorsOfItsContext(string? type, int? original, bool hasLong, bool hasShort, string? refusal)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("long.gguf");
        using (GgufFile file = GgufFile.Open(TinyModels.Path("llama")))
        {
            GgufWriter writer = file.Copy();
            if (type is not null) writer.Set("llama.rope.scaling.type", type);
            if (original is int positions) writer.Set("llama.rope.scaling.original_context_length", (uint)positions);
            if (hasLong) writer.AddTensor(Long, GgmlType.F32, [8], Factors(3));
            if (hasShort) writer.AddTensor(Short, GgmlType.F32, [8], Factors(2));
            File.WriteAllBytes(path, SmallGguf.ToBytes(writer));
        }

        if (refusal is not null)
        {
            Assert.Contains(refusal, Assert.Throws<GgufException>(() => Logits.Load(path)).Message, StringComparison.Ordinal);
            return;
        }

        // Dividing all frequencies by 2 or 3 is what linear scaling does.
        double scale = type is null && original is null ? 1 : original < 512 ? 3 : 2;
        Assert.Equal(Last(Linear(folder, scale)), Last(path));
    }

    private static string Linear(TemporaryFolder folder, double factor)
    {
        string path = folder.File("linear.gguf");
        using GgufFile file = GgufFile.Open(TinyModels.Path("llama"));
        GgufWriter writer = file.Copy();
        writer.Set("llama.rope.scaling.type", "linear");
        writer.Set("llama.rope.scaling.factor", (float)factor);
        File.WriteAllBytes(path, SmallGguf.ToBytes(writer));
        return path;
    }

    private static float[] Last(string path)
    {
        using CausalModel model = Logits.Load(path);
        return Logits.Of(model, ForwardInvarianceTests.Tokens(2, 30, model.VocabularySize), 64)[^1];
    }

    private static byte[] Factors(float factor) => MemoryMarshal.AsBytes<float>(Enumerable.Repeat(factor, 8).ToArray()).ToArray();
}
