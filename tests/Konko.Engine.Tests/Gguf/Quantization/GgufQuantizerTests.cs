using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quantization;
using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Tests.Gguf.Quantization;

public sealed class GgufQuantizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("out.gguf");

    public static TheoryData<string> Recipes() => [.. QuantizationRecipe.All.Select(recipe => recipe.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Write_TinyModel_HoldsEveryTensorWithinTheTypesError(string recipe)
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-f16"));
        QuantizationPlan plan = Plan(file, recipe);

        long bytes = GgufQuantizer.Write(plan, Out, false, 2, null, TestContext.Current.CancellationToken);

        Assert.Equal(new FileInfo(Out).Length, bytes);
        using GgufFile written = GgufFile.Open(Out);
        Assert.Equal(plan.Tensors.Select(tensor => (tensor.Source.Name, tensor.Type)), written.Tensors.Select(tensor => (tensor.Name, tensor.Type)));
        Assert.Equal(plan.BytesAfter, written.Tensors.Sum(tensor => tensor.ByteLength));
        foreach (GgufTensor tensor in written.Tensors)
        {
            float[] before = Values(file, tensor.Name);
            float[] after = Values(written, tensor.Name);
            double range = before.Max() - before.Min();
            Assert.InRange(Rmse(before, after), 0, (tensor.Type == GgmlType.F32 ? 0 : 0.03) * range);
        }
    }

    [Fact]
    public void Write_Metadata_IsKeptInOrderButForTheTypes()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-q8_0"));

        Write(file, "Q4_K_M");

        using GgufFile written = GgufFile.Open(Out);
        Assert.Equal(15u, written.Metadata.GetUInt32("general.file_type"));
        Assert.Equal(2u, written.Metadata.GetUInt32("general.quantization_version"));
        Assert.Equal(file.Metadata.Keys, written.Metadata.Keys.Take(file.Metadata.Keys.Count));
        foreach ((KeyValuePair<string, GgufValue> before, KeyValuePair<string, GgufValue> after) in file.Metadata.Values.Zip(written.Metadata.Values))
        {
            if (before.Key is "general.file_type" or "general.quantization_version") continue;
            Assert.Equal((before.Value.Type, before.Value.Bits, before.Value.ElementType), (after.Value.Type, after.Value.Bits, after.Value.ElementType));
        }
    }

    [Theory]
    [InlineData("Q4_0")]
    [InlineData("Q5_K_M")]
    [InlineData("IQ4_NL")]
    public void Write_AnyNumberOfThreads_GivesTheSameBytes(string recipe)
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-bf16"));
        byte[][] written = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            GgufQuantizer.Write(Plan(file, recipe), Out, true, threads, null, TestContext.Current.CancellationToken);
            return File.ReadAllBytes(Out);
        })];

        Assert.Equal(written[0], written[1]);
        Assert.Equal(written[0], written[2]);
    }

    [Fact]
    public void Write_SameType_CopiesTheBlocks()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_0"));

        GgufQuantizer.Write(QuantizationPlan.Create(file, Options("Q4_0") with { Pure = true }), Out, false, 2, null, TestContext.Current.CancellationToken);

        using GgufFile written = GgufFile.Open(Out);
        GgufTensor[] same = [.. file.Tensors.Where(tensor => tensor.Type == GgmlType.Q4_0)];
        Assert.NotEmpty(same);
        Assert.All(same, tensor => Assert.Equal(Bytes(file, tensor.Name), Bytes(written, tensor.Name)));
    }

    [Fact]
    public void Write_SplitModel_BecomesOneFile()
    {
        using GgufFile whole = GgufFile.Open(GgufTestFiles.TinyModel("llama-q8_0"));
        int half = whole.Tensors.Count / 2;
        string first = _folder.File("m-00001-of-00002.gguf");
        Shard(whole, first, 0, 0, half);
        Shard(whole, _folder.File("m-00002-of-00002.gguf"), 1, half, whole.Tensors.Count - half);
        using GgufFile split = GgufFile.Open(first);
        Write(whole, "Q4_1");
        byte[] expected = File.ReadAllBytes(Out);

        GgufQuantizer.Write(Plan(split, "Q4_1"), Out, true, 2, null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, File.ReadAllBytes(Out));
    }

    [Theory]
    [InlineData(float.NaN, "Q4_0", "element 70000 is NaN, which no weight may be.")]
    [InlineData(float.NegativeInfinity, "F32", "element 70000 is -Infinity, which no weight may be.")]
    [InlineData(70000f, "F16", "element 70000 is 70000, and F16 ends at ±65504.")]
    public void Write_WeightThatDoesNotFit_IsRefusedByPlace(float value, string recipe, string reason)
    {
        using GgufFile file = OneTensor(value);

        var e = Assert.Throws<GgufException>(() => Write(file, recipe));

        Assert.Equal($"small.gguf: tensor 'blk.0.attn_q.weight': {reason}".Replace("-Infinity", float.NegativeInfinity.ToString(), StringComparison.Ordinal), e.Message);
        AssertNothingLeft();
    }

    [Fact]
    public void Write_FileCutMeanwhile_IsRefusedAndLeavesNothing()
    {
        using GgufFile file = OneTensor(1);
        using (FileStream stream = new(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(100_000);

        var e = Assert.Throws<GgufException>(() => Write(file, "Q8_0"));

        Assert.Contains("the file was cut while it was being read", e.Message, StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        using GgufFile file = OneTensor(1);
        using var stop = new CancellationTokenSource();
        var progress = new Progress(_ => stop.Cancel());

        Assert.Throws<OperationCanceledException>(() => GgufQuantizer.Write(Plan(file, "Q4_0"), Out, false, 2, progress, stop.Token));

        AssertNothingLeft();
    }

    [Fact]
    public void Write_FailsOverAnOldFile_KeepsTheOld()
    {
        using (GgufFile good = OneTensor(1)) Write(good, "Q8_0");
        byte[] old = File.ReadAllBytes(Out);
        using GgufFile bad = OneTensor(float.NaN);

        Assert.Throws<GgufException>(() => GgufQuantizer.Write(Plan(bad, "Q4_0"), Out, true, 2, null, TestContext.Current.CancellationToken));

        Assert.Equal(old, File.ReadAllBytes(Out));
    }

    [Fact]
    public void Write_Progress_EndsWithAllWeights()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama"));
        List<QuantizationProgress> told = [];

        GgufQuantizer.Write(Plan(file, "Q8_0"), Out, false, 2, new Progress(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal(file.Tensors.Sum(tensor => tensor.Elements), told[^1].Done);
        Assert.All(told, step => Assert.Equal(told[^1].Done, step.Total));
        Assert.Equal(told.Select(step => step.Done).Order(), told.Select(step => step.Done));
    }

    private static QuantizationOptions Options(string recipe) => new(QuantizationRecipe.Find(recipe)!);

    private static QuantizationPlan Plan(GgufFile file, string recipe) => QuantizationPlan.Create(file, Options(recipe));

    private static byte[] Bytes(GgufFile file, string name)
    {
        byte[] bytes = new byte[file.GetTensor(name).ByteLength];
        file.Read(file.GetTensor(name), bytes, 0);
        return bytes;
    }

    private static float[] Values(GgufFile file, string name)
    {
        float[] values = new float[file.GetTensor(name).Elements];
        Dequantizer.Row(file.GetTensor(name).Type, Bytes(file, name), values);
        return values;
    }

    private static double Rmse(float[] a, float[] b) => Math.Sqrt(a.Zip(b).Average(pair => ((double)pair.First - pair.Second) * ((double)pair.First - pair.Second)));

    private static void Shard(GgufFile whole, string path, int index, int start, int count)
    {
        var writer = new GgufWriter();
        if (index == 0) writer.CopyMetadata(whole.Metadata);
        writer.Set("split.no", index);
        writer.Set("split.count", 2);
        writer.Set("split.tensors.count", whole.Tensors.Count);
        foreach (GgufTensor tensor in whole.Tensors.Skip(start).Take(count)) writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, Bytes(whole, tensor.Name));
        File.WriteAllBytes(path, SmallGguf.ToBytes(writer));
    }

    private void Write(GgufFile file, string recipe) => GgufQuantizer.Write(Plan(file, recipe), Out, false, 2, null, TestContext.Current.CancellationToken);

    // Of more than one piece, the odd value in the second.
    private GgufFile OneTensor(float odd)
    {
        float[] values = new float[512 * 200];
        for (int i = 0; i < values.Length; i++) values[i] = i % 7;
        values[70_000] = odd;
        byte[] data = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, data, 0, data.Length);
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        writer.AddTensor("blk.0.attn_q.weight", GgmlType.F32, [512, 200], data);
        return SmallGguf.Open(_folder, writer);
    }

    private void AssertNothingLeft() => Assert.Equal(["small.gguf"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Out)!).Select(Path.GetFileName));

    private sealed class Progress(Action<QuantizationProgress> told) : IProgress<QuantizationProgress>
    {
        public void Report(QuantizationProgress value) => told(value);
    }
}
