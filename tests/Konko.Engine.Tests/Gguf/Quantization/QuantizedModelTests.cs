using System.Text.Json;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quantization;
using Konko.Engine.Models;
using Konko.Engine.Tests.Models;

namespace Konko.Engine.Tests.Gguf.Quantization;

/// <summary>What a requantised SmolLM2 says, against the file it was made from.</summary>
public sealed class QuantizedModelTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Two files whose weights hardly differ are up to 0.005 apart: activations have 8 bits. So small a model takes 4 bits badly.
    [Theory]
    [InlineData("Q8_0", 0.01)]
    [InlineData("Q6_K", 0.015)]
    [InlineData("Q5_K_M", 0.03)]
    [InlineData("Q4_K_M", 0.08)]
    [InlineData("Q4_0", 0.35)]
    [InlineData("IQ4_NL", 0.25)]
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
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Repository.Reference("smollm2-logits.json")!));
        return
        [
            .. json.RootElement.EnumerateArray().Skip(1).Take(3)
                .SelectMany(text => Logits.Of(model, [.. text.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())], 512))
                .Select(Logits.LogProbs),
        ];
    }
}
