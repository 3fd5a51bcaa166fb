using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quantization;
using Konko.Engine.Models;
using Konko.Engine.Tests.Models;

namespace Konko.Engine.Tests.Gguf.Quantization;

/// <summary>What a requantised SmolLM2 says, against the file it was made from.</summary>
public sealed class QuantizedModelTests(ITestOutputHelper output) : IDisposable
{
    // Any tokens will do: the divergence is between two files, not from a text.
    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 48).Select(i => 300 + 977 * i % 40_000)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Weights that were rounded once are rounded again, so that even wider types lose a little where scales differ.
    [Theory]
    [InlineData("Q8_0", 0.003)]
    [InlineData("Q5_K_M", 0.03)]
    [InlineData("Q4_0", 0.12)]
    [InlineData("IQ4_NL", 0.12)]
    public void Write_SmolLM2_SaysNearlyTheSame(string recipe, double bound)
    {
        string path = _folder.File("out.gguf");
        using (GgufFile file = GgufFile.Open(Repository.SmolLM2))
        {
            QuantizationPlan plan = QuantizationPlan.Create(file, new QuantizationOptions(QuantizationRecipe.Find(recipe)!));
            GgufQuantizer.Write(plan, path, false, 2, null, TestContext.Current.CancellationToken);
        }

        double[][] before = LogProbs(Repository.SmolLM2);
        double[][] after = LogProbs(path);

        double divergence = before.Zip(after).Average(pair => pair.First.Zip(pair.Second).Sum(p => Math.Exp(p.First) * (p.First - p.Second)));
        output.WriteLine($"{recipe}: mean KL {divergence:F5}");
        Assert.InRange(divergence, 0, bound);
    }

    private static double[][] LogProbs(string path)
    {
        using CausalModel model = Logits.Load(path);
        return [.. Logits.Of(model, s_tokens, 512).Select(Logits.LogProbs)];
    }
}
