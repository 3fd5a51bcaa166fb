using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models;

/// <summary>The same bits with instruction sets switched off, in processes of their own.</summary>
[Trait("Gate", "invariance")]
public sealed class IntrinsicsInvarianceTests
{
    private static readonly Lazy<string> s_tinyModels = new(TinyModels), s_smolLM2 = new(SmolLM2);

    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Forward_TinyModelsWithoutAnInstructionSet_GiveTheSameBits(string instructionSetSwitch)
        => Assert.Equal(s_tinyModels.Value, ChildProcess.RunWithout(TinyModels, instructionSetSwitch));

    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Forward_SmolLM2WithoutAnInstructionSet_GivesTheSameBits(string instructionSetSwitch)
        => Assert.Equal(s_smolLM2.Value, ChildProcess.RunWithout(SmolLM2, instructionSetSwitch));

    /// <summary>A line of digests for each tiny model, over prompts longer than a segment of attention.</summary>
    internal static string TinyModels()
    {
        var lines = new StringBuilder();
        bool whole = GateScale.Of(0, 1) == 1;
        foreach (string name in ForwardInvarianceTests.Names)
        {
            if (Repository.Reference("tiny", name + ".gguf") is null) continue;
            foreach (KvType kv in whole ? Enum.GetValues<KvType>() : [KvType.BFloat16])
            {
                using CausalModel model = ForwardInvarianceTests.Load(name, 2, kv);
                // The embedded reference models go past a segment of attention; the others would take minutes without vectors.
                int length = whole ? 286 : name is "llama" or "llama-q4_1" ? 280 : 40;
                // Chunks of 15 tokens are tiles of 8, 4, 2 and 1, and the last chunk is a single token.
                int chunk = whole ? 15 : 64;
                lines.AppendLine(CultureInfo.InvariantCulture, $"{name} {kv} {Digest(Logits.Of(model, ForwardInvarianceTests.Tokens(3, length, model.VocabularySize), chunk))}");
            }
        }

        return lines.ToString();
    }

    /// <summary>Digests of short prompts on the embedded model.</summary>
    internal static string SmolLM2()
    {
        using CausalModel model = Logits.Load(Repository.SmolLM2);
        bool whole = GateScale.Of(0, 1) == 1;
        var lines = new StringBuilder();
        foreach (int length in whole ? (int[])[1, 20, 48] : [1, 6])
            lines.AppendLine(Digest(Logits.Of(model, ForwardInvarianceTests.Tokens(length, length, model.VocabularySize), 512)));
        return lines.ToString();
    }

    private static string Digest(float[][] logits)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (float[] row in logits) hash.AppendData(MemoryMarshal.AsBytes(row.AsSpan()));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
