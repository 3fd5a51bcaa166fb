using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Konko.Engine.Gguf;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models.Encoders;

/// <summary>A text's vector depends on its own tokens and on nothing else, bit for bit.</summary>
[Trait("Gate", "invariance")]
public sealed class EncoderInvarianceTests
{
    /// <summary>Kinds of panels, one of them mixed, and shapes that fill no vector.</summary>
    public static TheoryData<string> Names { get; } = ["f32", "f32-narrow", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q4_k", "q6_k", "mixed", "minilm"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Embed_AnyBatchOrderAndThreads_GivesTheSameBits(string name)
    {
        using EmbeddingModel one = Load(name, 1), two = Load(name, 2), three = Load(name, 3);
        int longest = name == "minilm" ? GateScale.Of(60, 300) : 300;
        int[][] texts = Vectors.Texts(GateScale.Of(16, 64), longest, one.VocabularySize, seed: 9);
        float[][] alone = [.. texts.Select(text => Vectors.Of(one, text)[0])];
        var random = new Random(2);
        foreach (EmbeddingModel model in (EmbeddingModel[])[one, two, three])
        {
            foreach (int batch in (int[])[1, 2, 7, 16])
            {
                int[] order = [.. Enumerable.Range(0, texts.Length)];
                random.Shuffle(order);
                foreach (int[] group in order.Chunk(batch))
                {
                    float[][] vectors = Vectors.Of(model, [.. group.Select(i => texts[i])]);
                    for (int i = 0; i < group.Length; i++) Assert.True(Vectors.SameBits(alone[group[i]], vectors[i]), $"text {group[i]} in a step of {batch}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Embed_WithoutAnInstructionSet_GivesTheSameBits(string instructionSetSwitch)
        => Assert.Equal(Digests(), ChildProcess.RunWithout(Digests, instructionSetSwitch));

    /// <summary>A line of digests for each model.</summary>
    internal static string Digests()
    {
        var lines = new StringBuilder();
        foreach (string name in Names.Select(row => row.Data))
        {
            using EmbeddingModel model = Load(name, 2);
            int[][] texts = Vectors.Texts(GateScale.Of(5, 20), name == "minilm" ? GateScale.Of(12, 40) : 90, model.VocabularySize, seed: 10);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (float[] vector in Vectors.Of(model, texts)) hash.AppendData(MemoryMarshal.AsBytes(vector.AsSpan()));
            lines.Append(name).Append(' ').AppendLine(Convert.ToHexString(hash.GetHashAndReset()));
        }

        return lines.ToString();
    }

    private static EmbeddingModel Load(string name, int threads)
    {
        if (name == "minilm")
        {
            using GgufFile file = GgufFile.Open(Repository.MiniLM);
            return EncoderLoader.Load(file, threads).Model;
        }

        TinyBert tiny = name == "f32-narrow" ? new(width: 40, heads: 5, feedForward: 52) : name.EndsWith("_k", StringComparison.Ordinal) ? new(width: 256, heads: 4, feedForward: 256) : new();
        return TinyBert.Load(
            name switch
            {
                // Queries take floats, keys and values int8.
                "mixed" => tiny.Writer(GgmlType.Q8_0, special: ("attn_q", GgmlType.F16)),
                "f32-narrow" => tiny.Writer(GgmlType.F32),
                _ => tiny.Writer(Enum.Parse<GgmlType>(name, ignoreCase: true)),
            },
            threads);
    }
}
