using System.Diagnostics;
using Konko.Engine.Gguf;
using Konko.Engine.Tests.Models;

namespace Konko.Engine.Tests.Gguf;

/// <summary>Seeded and reduced by default; <c>KONKO_GATES=whole</c> runs all 6,000.</summary>
[Trait("Gate", "fuzz")]
public sealed class GgufMutationTests
{
    private const int Slack = 64 << 20;

    private readonly byte[] _buffer = new byte[1 << 20];

    [Fact]
    public void Open_MutatedFiles_IsGoodOrRefusedWithinBounds()
    {
        GgufMutator[] mutators = [.. TinyModels.All.Select(TinyModels.Find).OfType<string>().Select((model, i) => new GgufMutator(File.ReadAllBytes(model), i))];
        using var folder = new TemporaryFolder();
        string path = folder.File("mutated.gguf");
        int good = 0, count = GateScale.Of(300, 6_000);
        int refused = 0;
        for (int number = 0; number < count; number++)
        {
            (byte[] bytes, string description) = mutators[number % mutators.Length].Mutate(number);
            File.WriteAllBytes(path, bytes);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            try
            {
                ReadAll(path);
                good++;
            }
            catch (GgufException e)
            {
                Assert.StartsWith("mutated.gguf: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{description}: {e}");
            }

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{description}: took {clock.Elapsed}");
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated <= bytes.Length + Slack, $"{description}: {allocated} bytes were allocated for {bytes.Length}");
        }

        // Both outcomes must be common, or the mutations no longer reach what they should.
        Assert.InRange(good, count / 10, count);
        Assert.InRange(refused, count / 4, count);
    }

    private void ReadAll(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        foreach (GgufTensor tensor in file.Tensors)
        {
            for (long offset = 0; offset < tensor.ByteLength; offset += _buffer.Length)
            {
                file.Read(tensor, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, tensor.ByteLength - offset)), offset);
            }
        }

        Assert.NotEmpty(GgufModelCard.Read(file).Architecture);
        Assert.Equal(new GgufFingerprint(file).Complete(), new GgufFingerprint(file).Complete());
    }
}
