using System.Diagnostics;
using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Tests.Gguf;
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

    public static TheoryData<string> Files => [.. TinyModels.All];

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_MutatedFile_RunsOrSaysWhatIsWrong(string name)
    {
        byte[] original = File.ReadAllBytes(TinyModels.Path(name));
        var mutator = new GgufMutator(original, 17 + Array.IndexOf(TinyModels.All, name));
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

    private static void Exercise(string path, ref long most, long fileBytes)
    {
        using GgufFile file = GgufFile.Open(path);
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        using CausalModel model = ModelLoader.Load(file, 1, 64).Model;
        most = Math.Max(most, ((DecoderModel)model).WeightBytes - fileBytes);
        List<int> tokens = tokenizer.Encode("Hello there, the quick brown fox.", parseSpecial: false);
        int count = Math.Min(Math.Min(tokens.Count, model.ContextLength), 8);
        if (count == 0) return;
        float[][] logits = Logits.Of(model, [.. tokens.Take(count)], model.MaxStepTokens);
        Assert.Equal(count, logits.Length);
    }
}
