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
    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Forward_TinyModelsWithoutAnInstructionSet_GiveTheSameBits(string instructionSetSwitch)
        => Assert.Equal(TinyModels(), ChildProcess.RunWithout(TinyModels, instructionSetSwitch));

    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Forward_SmolLM2WithoutAnInstructionSet_GivesTheSameBits(string instructionSetSwitch)
        => Assert.Equal(SmolLM2(), ChildProcess.RunWithout(SmolLM2, instructionSetSwitch));

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
                int length = whole || name is "llama" or "llama-q4_1" ? 280 : 40;
                foreach (int chunk in whole ? (int[])[64, 7] : [64])
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
