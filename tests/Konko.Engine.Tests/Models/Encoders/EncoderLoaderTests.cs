using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Tests.Gguf;

namespace Konko.Engine.Tests.Models.Encoders;

/// <summary>Files that are no encoder, or ask for what is not supported, are refused with the key or the tensor.</summary>
public sealed class EncoderLoaderTests
{
    [Theory]
    [InlineData("bert.pooling_type", 0, "no pooling")]
    [InlineData("bert.pooling_type", 4, "ranking")]
    [InlineData("bert.pooling_type", 9, "9 is unknown")]
    [InlineData("bert.attention.head_count", 3, "does not divide")]
    [InlineData("bert.attention.head_count_kv", 1, "shared keys and values")]
    [InlineData("bert.attention.key_length", 16, "another width")]
    [InlineData("bert.block_count", 0, "not within")]
    [InlineData("bert.context_length", 100, "[64 × 100]")]
    [InlineData("bert.feed_forward_length", 128, "[64 × 128]")]
    [InlineData("bert.context_length", 1 << 28, "positions")]
    public void Load_WrongNumber_IsRefusedWithTheReason(string key, int value, string reason)
        => Assert.Contains(reason, Refusal(writer => writer.Set(key, (uint)value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("bert.pooling_type")]
    [InlineData("bert.block_count")]
    [InlineData("bert.embedding_length")]
    [InlineData("bert.feed_forward_length")]
    [InlineData("bert.context_length")]
    [InlineData("bert.attention.head_count")]
    [InlineData("bert.attention.layer_norm_epsilon")]
    public void Load_MissingKey_IsRefusedByName(string key)
    {
        string message = Refusal(writer => writer.Remove(key));
        Assert.Contains(key, message, StringComparison.Ordinal);
        Assert.Contains("missing", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token_embd.weight")]
    [InlineData("position_embd.weight")]
    [InlineData("token_embd_norm.bias")]
    [InlineData("blk.1.attn_k.bias")]
    [InlineData("blk.1.attn_output_norm.weight")]
    [InlineData("blk.0.ffn_down.weight")]
    public void Load_MissingTensor_IsRefusedByName(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = SmallGguf.ToBytes(new TinyBert().Writer(GgmlType.F32));
        // The first place is the header's.
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(name));
        bytes[at] = (byte)'x';
        string message = Refusal(folder, bytes);
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CausalAttention_IsRefused()
        => Assert.Contains("attention.causal", Refusal(writer => writer.Set("bert.attention.causal", true)), StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(1f)]
    public void Load_WrongEpsilon_IsRefused(float epsilon)
        => Assert.Contains("layer_norm_epsilon", Refusal(writer => writer.Set("bert.attention.layer_norm_epsilon", epsilon)), StringComparison.Ordinal);

    [Fact]
    public void Load_PositionThatIsNoNumber_IsRefused()
    {
        var tiny = new TinyBert();
        tiny["position_embd.weight"][7 * tiny.Width] = float.PositiveInfinity;
        Assert.Contains("row 7", Refusal(SmallGguf.ToBytes(tiny.Writer(GgmlType.F32))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_NormsThatAreNoNumbers_AreRefused()
    {
        var tiny = new TinyBert();
        tiny["token_embd_norm.bias"][3] = float.NaN;
        using var folder = new TemporaryFolder();
        string path = folder.File("nan.gguf");
        await File.WriteAllBytesAsync(path, SmallGguf.ToBytes(tiny.Writer(GgmlType.F32)), TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<GgufException>(() => LocalEncoder.LoadAsync(path, new LocalEncoderOptions { Threads = 1 }, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains("not finite", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoTokenTypes_LoadsAsIfTheyWereZero()
    {
        var with = new TinyBert();
        Array.Clear(with["token_types.weight"]);
        byte[] bytes = SmallGguf.ToBytes(new TinyBert().Writer(GgmlType.F32));
        bytes[bytes.AsSpan().IndexOf("token_types"u8)] = (byte)'x';
        using var folder = new TemporaryFolder();
        using GgufFile file = SmallGguf.Open(folder, bytes);
        using EmbeddingModel expected = TinyBert.Load(with.Writer(GgmlType.F32)), actual = EncoderLoader.Load(file, 1).Model;
        Assert.True(Vectors.SameBits(Vectors.Of(expected, [4, 5, 6])[0], Vectors.Of(actual, [4, 5, 6])[0]));
    }

    [Fact]
    public void Load_DecodersAndEncoders_AreNotTakenForEachOther()
    {
        Assert.Contains("is no encoder", Refusal(writer => writer.Set("general.architecture", "llama")), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        using GgufFile file = SmallGguf.Open(folder, new TinyBert().Writer(GgmlType.F32));
        Assert.Contains("is an encoder", Assert.Throws<GgufException>(() => ModelLoader.Load(file, 1, 64)).Message, StringComparison.Ordinal);
        Assert.True(LocalEncoder.Takes(GgufModelCard.Read(file)));
    }

    private static string Refusal(Action<GgufWriter> change)
    {
        GgufWriter writer = new TinyBert().Writer(GgmlType.F32);
        change(writer);
        return Refusal(SmallGguf.ToBytes(writer));
    }

    private static string Refusal(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        return Refusal(folder, bytes);
    }

    private static string Refusal(TemporaryFolder folder, byte[] bytes)
    {
        using GgufFile file = SmallGguf.Open(folder, bytes);
        return Assert.Throws<GgufException>(() => EncoderLoader.Load(file, 1)).Message;
    }
}
