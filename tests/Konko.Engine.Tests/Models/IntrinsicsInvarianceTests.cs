using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models;

/// <summary>The same bits with instruction sets switched off, in processes of their own.</summary>
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
        foreach (string name in (string[])["llama", "llama-f16", "llama-bf16", "llama-q4_0", "llama-q4_1", "llama-q8_0"])
        {
            foreach (KvType kv in Enum.GetValues<KvType>())
            {
                using CausalModel model = ForwardInvarianceTests.Load(name, 2, kv);
                foreach (int chunk in (int[])[64, 7])
                    lines.AppendLine(CultureInfo.InvariantCulture, $"{name} {kv} {Digest(Logits.Of(model, ForwardInvarianceTests.Tokens(3, 280, model.VocabularySize), chunk))}");
            }
        }

        return lines.ToString();
    }

    /// <summary>Digests of short prompts on the embedded model.</summary>
    internal static string SmolLM2()
    {
        using CausalModel model = Logits.Load(Repository.SmolLM2);
        var lines = new StringBuilder();
        foreach (int length in (int[])[1, GateScale.Of(6, 48)])
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
