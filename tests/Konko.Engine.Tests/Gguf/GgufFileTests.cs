using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufFileTests
{
    [Fact]
    public void Open_TinyLlama_HasItsMetadata()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_1"));
        GgufMetadata metadata = file.Metadata;

        Assert.Equal(3u, file.Version);
        Assert.Equal("llama", metadata.Architecture);
        Assert.Equal("tiny", metadata.GetString("general.name"));
        Assert.Equal(512u, metadata.GetUInt32(metadata.Key("context_length")));
        Assert.Equal(1e-5f, metadata.GetFloat("llama.attention.layer_norm_rms_epsilon"));
        Assert.False(metadata.GetBool("tokenizer.ggml.add_bos_token"));
        Assert.Null(metadata.FindUInt32("llama.expert_count"));
        Assert.Equal(24, metadata.Keys.Count);

        GgufStringArray tokens = metadata.GetStrings("tokenizer.ggml.tokens");
        Assert.Equal(319, tokens.Count);
        Assert.Equal("Ā", tokens[0]);
        Assert.Equal([0xc4, 0x80], tokens.Bytes(0).ToArray());
        Assert.Equal(319, metadata.GetArray<int>("tokenizer.ggml.token_type").Length);
        Assert.Equal("Ġt he", metadata.GetStrings("tokenizer.ggml.merges")[2]);
    }

    [Fact]
    public void Open_TinyLlama_HasItsTensors()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_1"));

        Assert.Equal(21, file.Tensors.Count);
        GgufTensor embedding = file.GetTensor("token_embd.weight");
        Assert.Equal(GgmlType.Q4_1, embedding.Type);
        Assert.Equal([256L, 319L], embedding.Dimensions);
        Assert.Equal(319, embedding.Rows);
        Assert.Equal(256 / 32 * 20, embedding.RowBytes);
        Assert.Equal(319 * 160, embedding.ByteLength);
        Assert.Equal(0, embedding.Offset % 32);
        Assert.Null(file.FindTensor("rope_freqs.weight"));
    }

    [Fact]
    public unsafe void Read_Pieces_EqualTheFilesBytes()
    {
        string path = GgufTestFiles.TinyModel("llama");
        byte[] bytes = File.ReadAllBytes(path);
        using GgufFile file = GgufFile.Open(path);
        foreach (GgufTensor tensor in file.Tensors)
        {
            byte[] piece = new byte[tensor.ByteLength - 7];
            file.Read(tensor, piece, 5);
            Assert.True(bytes.AsSpan((int)tensor.Offset + 5, piece.Length).SequenceEqual(piece), tensor.Name);

            byte[] whole = new byte[tensor.ByteLength];
            fixed (byte* pointer = whole) file.Read(tensor, pointer, 0, tensor.ByteLength);
            Assert.True(bytes.AsSpan((int)tensor.Offset, whole.Length).SequenceEqual(whole), tensor.Name);
        }
    }

    [Fact]
    public void Open_EverySharedReferenceFile_Succeeds()
    {
        IReadOnlyList<string> paths = GgufTestFiles.Shared();
        Assert.SkipWhen(paths.Count == 0, "The shared reference data are not beside this clone.");
        foreach (string path in paths)
        {
            using GgufFile file = GgufFile.Open(path);
            Assert.NotEmpty(file.Metadata.GetStrings("tokenizer.ggml.tokens"));
            Assert.All(file.Tensors, tensor => Assert.True(tensor.Offset + tensor.ByteLength <= file.FileBytes));
        }
    }
}
