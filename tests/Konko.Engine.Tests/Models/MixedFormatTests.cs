using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quants;
using Konko.Engine.Models;
using Konko.Engine.Tests.Gguf;

namespace Konko.Engine.Tests.Models;

/// <summary>Matrices that share their activations may be of different types, some taking floats and some int8.</summary>
public sealed class MixedFormatTests
{
    public static TheoryData<string, string, int> Mixtures()
    {
        var data = new TheoryData<string, string, int>();
        foreach (string tensor in (string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
        {
            data.Add("llama", tensor + ".weight", 1);
            data.Add("llama", tensor + ".weight", 40);
        }

        foreach (string tensor in (string[])["ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"])
            data.Add("qwen3moe", tensor + ".weight", 40);
        return data;
    }

    // Eight bits cost less than 0.01, most where they turn a router; activations of another layer or step cost whole numbers.
    [Theory]
    [MemberData(nameof(Mixtures))]
    public void Forward_OneKindOfMatrixOfAnotherType_StaysCloseToTheFloatModel(string name, string tensor, int chunk)
    {
        double[][] expected = LogProbs(TinyModels.Path(name), chunk);
        using var folder = new TemporaryFolder();
        foreach (bool others in (bool[])[false, true])
        {
            string path = folder.File($"{others}.gguf");
            Write(TinyModels.Path(name), path, t => t.EndsWith(tensor, StringComparison.Ordinal) != others);
            double[][] actual = LogProbs(path, chunk);
            double divergence = expected.Zip(actual).Average(pair => pair.First.Zip(pair.Second).Sum(p => Math.Exp(p.First) * (p.First - p.Second)));
            Assert.InRange(divergence, 0, 0.02);
        }
    }

    private static double[][] LogProbs(string path, int chunk)
    {
        using CausalModel model = Logits.Load(path);
        return [.. Logits.Of(model, ForwardInvarianceTests.Tokens(5, 40, model.VocabularySize), chunk).Select(Logits.LogProbs)];
    }

    /// <summary>Writes a float file again with some of its layers' matrices in Q8_0.</summary>
    private static void Write(string source, string path, Func<string, bool> eightBits)
    {
        using GgufFile file = GgufFile.Open(source);
        var writer = new GgufWriter();
        writer.CopyMetadata(file.Metadata);
        foreach (GgufTensor tensor in file.Tensors)
        {
            float[] values = new float[tensor.Elements];
            file.Read(tensor, MemoryMarshal.AsBytes(values.AsSpan()), 0);
            bool quantised = tensor.Name.StartsWith("blk.", StringComparison.Ordinal) && tensor.Dimensions.Count > 1 && eightBits(tensor.Name);
            GgmlType type = quantised ? GgmlType.Q8_0 : GgmlType.F32;
            byte[] bytes = new byte[GgmlTypeInfo.Of(type).RowBytes(tensor.Elements)];
            if (quantised) Quantizer.Row(type, values, bytes);
            else MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes);
            writer.AddTensor(tensor.Name, type, tensor.Dimensions, bytes);
        }

        using FileStream stream = File.Create(path);
        writer.Write(stream);
    }
}
