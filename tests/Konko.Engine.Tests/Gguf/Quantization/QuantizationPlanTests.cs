using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quantization;

namespace Konko.Engine.Tests.Gguf.Quantization;

public sealed class QuantizationPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recipes_AllOfThem_AreFoundByNameInAnyCase()
    {
        Assert.All(QuantizationRecipe.All, recipe => Assert.Same(recipe, QuantizationRecipe.Find(recipe.Name.ToLowerInvariant())));
        Assert.Equal(15, QuantizationRecipe.All.Count);
        Assert.Null(QuantizationRecipe.Find("Q3_K"));
    }

    [Theory]
    [InlineData("token_embd.weight", GgmlType.Q4_0)]
    [InlineData("output.weight", GgmlType.Q6_K)]
    [InlineData("blk.0.attn_q.weight", GgmlType.Q4_0)]
    [InlineData("blk.0.attn_q.bias", GgmlType.F16)]
    [InlineData("blk.0.ffn_gate_inp.weight", GgmlType.F16)]
    [InlineData("blk.0.ffn_down_exps.weight", GgmlType.Q4_0)]
    [InlineData("blk.0.attn_norm.weight", GgmlType.F16)]
    [InlineData("position_embd.weight", GgmlType.F16)]
    public void Create_TensorsByName_GetTheTypeOfTheirRole(string name, GgmlType expected)
        => Assert.Equal(expected, TypeOf("Q4_0", name, 256));

    [Fact]
    public void Create_OneDimension_BecomesF32()
    {
        using GgufFile file = Open(("output_norm.weight", [256]), ("blk.0.attn_q.weight", [256, 2]));

        Assert.Equal([GgmlType.F32, GgmlType.Q8_0], Types(file, new QuantizationOptions(Recipe("Q8_0"))));
    }

    [Theory]
    [InlineData("Q4_K", 96, GgmlType.Q5_0)]
    [InlineData("Q5_K", 96, GgmlType.Q5_1)]
    [InlineData("Q6_K", 96, GgmlType.Q8_0)]
    [InlineData("Q4_K", 512, GgmlType.Q4_K)]
    [InlineData("Q4_0", 40, GgmlType.F16)]
    [InlineData("Q4_K", 40, GgmlType.F16)]
    [InlineData("F16", 40, GgmlType.F16)]
    public void Create_RowsThatAreNoWholeBlocks_FallBack(string recipe, long columns, GgmlType expected)
        => Assert.Equal(expected, TypeOf(recipe, "blk.0.attn_q.weight", columns));

    [Fact]
    public void Create_TiedHead_IsTheEmbedding()
    {
        using GgufFile file = Open(("token_embd.weight", [256, 2]));

        Assert.Equal([GgmlType.Q6_K], Types(file, new QuantizationOptions(Recipe("Q4_0"))));
        Assert.Equal([GgmlType.Q4_0], Types(file, new QuantizationOptions(Recipe("Q4_0")) { Pure = true }));
        Assert.Equal([GgmlType.Q5_1], Types(file, new QuantizationOptions(Recipe("Q4_0")) { EmbeddingType = GgmlType.Q5_1 }));
        Assert.Equal([GgmlType.F16], Types(file, new QuantizationOptions(Recipe("Q4_0")) { EmbeddingType = GgmlType.Q5_1, OutputType = GgmlType.F16, Pure = true }));
    }

    [Fact]
    public void Create_HeadAndEmbedding_HaveOptionsOfTheirOwn()
    {
        using GgufFile file = Open(("token_embd.weight", [256, 2]), ("output.weight", [256, 2]), ("blk.0.attn_q.weight", [256, 2]));

        Assert.Equal([GgmlType.Q8_0, GgmlType.F16, GgmlType.Q4_K], Types(file, new QuantizationOptions(Recipe("Q4_K")) { EmbeddingType = GgmlType.Q8_0, OutputType = GgmlType.F16 }));
    }

    [Theory]
    [InlineData("Q4_K_M", "attn_v", new[] { 0, 1, 4, 7, 10, 13, 14, 15 }, GgmlType.Q6_K)]
    [InlineData("Q5_K_M", "ffn_down", new[] { 0, 1, 4, 7, 10, 13, 14, 15 }, GgmlType.Q6_K)]
    [InlineData("Q4_K_M", "ffn_down_exps", new[] { 0, 1, 4, 7, 10, 13, 14, 15 }, GgmlType.Q6_K)]
    [InlineData("Q4_K_S", "attn_v", new[] { 0, 1, 2, 3 }, GgmlType.Q5_K)]
    [InlineData("Q4_K_S", "ffn_down", new[] { 0, 1 }, GgmlType.Q5_K)]
    [InlineData("Q4_K_M", "ffn_up", new int[0], GgmlType.Q6_K)]
    public void Create_Mix_FavoursTheseLayers(string recipe, string role, int[] layers, GgmlType expected)
    {
        using GgufFile file = Open([.. Enumerable.Range(0, 16).Select(i => ($"blk.{i}.{role}.weight", new long[] { 256, 2 }))]);

        GgmlType[] types = Types(file, new QuantizationOptions(Recipe(recipe)));

        Assert.Equal(layers, Enumerable.Range(0, 16).Where(i => types[i] == expected));
        Assert.All(types, type => Assert.True(type == expected || type == Recipe(recipe).Type));
    }

    [Fact]
    public void Create_TypeThatIsOnlyRead_IsRefusedByName()
    {
        using GgufFile file = Open(("token_embd.weight", [256, 2]));

        var e = Assert.Throws<GgufException>(() => QuantizationPlan.Create(file, new QuantizationOptions(Recipe("Q4_0")) { OutputType = GgmlType.Q2_K }));
        Assert.StartsWith("Konko does not write type Q2_K", e.Message, StringComparison.Ordinal);
    }

    private static QuantizationRecipe Recipe(string name) => QuantizationRecipe.Find(name)!;

    private static GgmlType[] Types(GgufFile file, QuantizationOptions options) => [.. QuantizationPlan.Create(file, options).Tensors.Select(tensor => tensor.Type)];

    // With a head, so that the embedding is none.
    private GgmlType TypeOf(string recipe, string name, long columns)
    {
        (string, long[]) tensor = (name, [columns, 2]);
        using GgufFile file = name == "output.weight" ? Open(tensor) : Open(tensor, ("output.weight", [256, 2]));
        return Types(file, new QuantizationOptions(Recipe(recipe)))[0];
    }

    private GgufFile Open(params (string Name, long[] Dimensions)[] tensors)
    {
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        foreach ((string name, long[] dimensions) in tensors)
        {
            writer.AddTensor(name, GgmlType.F16, dimensions, new byte[2 * dimensions.Aggregate((a, b) => a * b)]);
        }

        return SmallGguf.Open(_folder, writer);
    }
}
