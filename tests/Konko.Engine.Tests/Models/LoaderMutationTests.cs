using System.Diagnostics;
using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Models.Encoders;
using Konko.Engine.Tests.Gguf;
using Konko.Engine.Tests.Models.Encoders;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Models;

/// <summary>
/// 20,000 damaged and hostile files through the whole loader: a model that runs, or a reason, and never much memory.
/// The memory is that of the process, so nothing else may run beside it.
/// </summary>
[Trait("Gate", "fuzz")]
[Collection(nameof(LoaderMutationTests))]
[CollectionDefinition(nameof(LoaderMutationTests), DisableParallelization = true)]
public sealed class LoaderMutationTests(ITestOutputHelper output)
{
    private const long Allowance = 64L << 20;

    private static readonly string[] s_names = [.. TinyModels.All, "bert", "bert-q8_0"];

    public static TheoryData<string> Files => [.. s_names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_MutatedFile_RunsOrSaysWhatIsWrong(string name)
    {
        byte[] original = Original(name);
        var mutator = new GgufMutator(original, 17 + Array.IndexOf(s_names, name));
        using var folder = new TemporaryFolder();
        int loaded = 0, refused = 0, count = GateScale.Of(15, 670);
        long most = 0;
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < count; i++)
        {
            (byte[] bytes, string description) = mutator.Mutate(i);
            string path = folder.File($"{i}.gguf");
            File.WriteAllBytes(path, bytes);
            long start = Stopwatch.GetTimestamp(), before = GC.GetTotalAllocatedBytes(true);
            try
            {
                Exercise(path, ref most, bytes.Length);
                loaded++;
            }
            catch (GgufException e)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Mutation {i} ({description}): {e.GetType().Name}: {e.Message}", e);
            }

            most = Math.Max(most, GC.GetTotalAllocatedBytes(true) - before - bytes.Length);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            slowest = took > slowest ? took : slowest;
            Assert.True(took < TimeSpan.FromSeconds(5), $"Mutation {i} ({description}) took {took}.");
            Assert.True(most <= Allowance, $"Mutation {i} ({description}) took {most} bytes more than the file.");
            File.Delete(path);
        }

        output.WriteLine($"{name}: {loaded} loaded, {refused} refused, at most {most >> 20} MiB beyond the file, slowest {slowest.TotalMilliseconds:F0} ms");
        Assert.True(loaded > 0 && refused > 0);
    }

    private static byte[] Original(string name) => name switch
    {
        "bert" => SmallGguf.ToBytes(new TinyBert().Writer(GgmlType.F32)),
        "bert-q8_0" => SmallGguf.ToBytes(new TinyBert().Writer(GgmlType.Q8_0)),
        _ => File.ReadAllBytes(TinyModels.Path(name)),
    };

    private static void Exercise(string path, ref long most, long fileBytes)
    {
        using GgufFile file = GgufFile.Open(path);
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        if (LocalEncoder.Takes(GgufModelCard.Read(file))) Embed(file, tokenizer, ref most, fileBytes);
        else Continue(file, tokenizer, ref most, fileBytes);
    }

    private static void Embed(GgufFile file, Tokenizer tokenizer, ref long most, long fileBytes)
    {
        using EmbeddingModel model = EncoderLoader.Load(file, 1).Model;
        most = Math.Max(most, ((EncoderModel)model).WeightBytes - fileBytes);
        List<int> tokens = tokenizer.Enclose(tokenizer.Encode("Hello there, the quick brown fox.", parseSpecial: false));
        int count = Math.Min(Math.Min(tokens.Count, model.ContextLength), 8);
        if (count == 0) return;
        Assert.Equal(model.Dimensions, Vectors.Of(model, [.. tokens.Take(count)])[0].Length);
    }

    private static void Continue(GgufFile file, Tokenizer tokenizer, ref long most, long fileBytes)
    {
        using CausalModel model = ModelLoader.Load(file, 1, 64).Model;
        most = Math.Max(most, ((DecoderModel)model).WeightBytes - fileBytes);
        List<int> tokens = tokenizer.Encode("Hello there, the quick brown fox.", parseSpecial: false);
        int count = Math.Min(Math.Min(tokens.Count, model.ContextLength), 8);
        if (count == 0) return;
        float[][] logits = Logits.Of(model, [.. tokens.Take(count)], model.MaxStepTokens);
        Assert.Equal(count, logits.Length);
    }
}
