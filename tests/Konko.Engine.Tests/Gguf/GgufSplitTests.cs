using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufSplitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_SplitModel_IsTheWholeModel()
    {
        string first = Split(3);
        using GgufFile whole = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_0"));
        using GgufFile split = GgufFile.Open(first);

        Assert.Equal(whole.Tensors.Select(tensor => tensor.ToString()), split.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal(new GgufFingerprint(whole).Complete(), new GgufFingerprint(split).Complete());
        Assert.Equal(Enumerable.Range(0, 3).Sum(i => new FileInfo(Shard(i, 3)).Length), split.FileBytes);
        foreach (GgufTensor tensor in whole.Tensors)
        {
            byte[] expected = new byte[tensor.ByteLength];
            byte[] actual = new byte[tensor.ByteLength];
            whole.Read(tensor, expected, 0);
            split.Read(split.GetTensor(tensor.Name), actual, 0);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Open_LaterShard_NamesTheFirst()
    {
        Split(3);

        Assert.Equal(
            "m-00002-of-00003.gguf: key 'split.no': this is file 2 of 3 of a split model; open the first, '…-00001-of-00003.gguf'.",
            Assert.Throws<GgufException>(() => GgufFile.Open(Shard(1, 3))).Message);
    }

    [Fact]
    public void Open_ShardMissing_IsRefusedByName()
    {
        string first = Split(3);
        File.Delete(Shard(2, 3));

        Assert.StartsWith("m-00003-of-00003.gguf: the file cannot be opened", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ShardsExchanged_IsRefused()
    {
        string first = Split(3);
        File.Copy(Shard(1, 3), Shard(2, 3), overwrite: true);

        Assert.Equal("m-00003-of-00003.gguf: key 'split.no': it is 1 and must be 2.", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message);
    }

    [Fact]
    public void Open_ShardOfAnotherModel_IsRefusedForItsTensors()
    {
        string first = Split(2);
        Save(Shard(1, 2), 1, 2, "a", "blk.0.attn_q.weight");

        Assert.Contains("promises 21 tensors", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message, StringComparison.Ordinal);

        Save(Shard(0, 2), 0, 2, "a", "b");
        Assert.Equal("m-00002-of-00002.gguf: tensor 'a': an earlier file of the split model has it too.", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message);

        Save(Shard(1, 2), 1, 3, "c");
        Assert.Contains("key 'split.count': it is 3 and must be 2", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FirstShardUnderAnotherName_IsRefused()
    {
        string first = Split(2);
        File.Move(first, _folder.File("model.gguf"));

        Assert.Contains("must be named '…-00001-of-00002.gguf'", Assert.Throws<GgufException>(() => GgufFile.Open(_folder.File("model.gguf"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AbsurdShardCount_IsRefused()
    {
        Save(Shard(0, 2), 0, 60_000, "a");

        Assert.Contains("60000 files are more than the 1024 allowed", Assert.Throws<GgufException>(() => GgufFile.Open(Shard(0, 2))).Message, StringComparison.Ordinal);
    }

    private string Shard(int index, int count) => _folder.File($"m-{index + 1:D5}-of-{count:D5}.gguf");

    // As the usual tool splits: all keys in the first file, only the split's own in the others.
    private string Split(int count)
    {
        using GgufFile whole = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_0"));
        int each = (whole.Tensors.Count + count - 1) / count;
        for (int i = 0; i < count; i++)
        {
            var writer = new GgufWriter();
            if (i == 0) writer.CopyMetadata(whole.Metadata);
            SetSplit(writer, i, count, whole.Tensors.Count);
            foreach (GgufTensor tensor in whole.Tensors.Skip(i * each).Take(each))
            {
                byte[] data = new byte[tensor.ByteLength];
                whole.Read(tensor, data, 0);
                writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, data);
            }

            File.WriteAllBytes(Shard(i, count), SmallGguf.ToBytes(writer));
        }

        return Shard(0, count);
    }

    private static void Save(string path, int index, int count, params string[] tensors)
    {
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        SetSplit(writer, index, count, 4);
        foreach (string tensor in tensors) writer.AddTensor(tensor, GgmlType.F32, [4], new byte[16]);
        File.WriteAllBytes(path, SmallGguf.ToBytes(writer));
    }

    private static void SetSplit(GgufWriter writer, int index, int count, int tensors)
    {
        writer.Set("split.no", new GgufValue(GgufValueType.UInt16, (ulong)index));
        writer.Set("split.count", new GgufValue(GgufValueType.UInt16, (ulong)count));
        writer.Set("split.tensors.count", tensors);
    }
}
