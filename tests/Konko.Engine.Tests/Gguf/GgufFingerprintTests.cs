using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufFingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Complete_TinyModels_AreTheKnownValues()
    {
        // A fingerprint is shown to clients, so that a change of these numbers is a change of what they see.
        Assert.Equal("95d12d92cd2c669e", Fingerprint("llama"));
        Assert.Equal("b5cda1ccd6cc5501", Fingerprint("llama-q4_1"));
    }

    [Fact]
    public void Complete_FedInPiecesByManyThreads_EqualsThatOfTheWhole()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_1"));
        var pieces = new List<(GgufTensor Tensor, long Offset, byte[] Bytes)>();
        foreach (GgufTensor tensor in file.Tensors.Skip(3))
        {
            for (long offset = 0; offset < tensor.ByteLength; offset += 16 * 31)
            {
                byte[] bytes = new byte[Math.Min(16 * 31, tensor.ByteLength - offset)];
                file.Read(tensor, bytes, offset);
                pieces.Add((tensor, offset, bytes));
            }
        }

        var random = new Random(1);
        var shuffled = pieces.ToArray();
        random.Shuffle(shuffled);
        var fingerprint = new GgufFingerprint(file);
        Parallel.ForEach(shuffled, piece => fingerprint.Add(piece.Tensor, piece.Offset, piece.Bytes));

        Assert.Equal(new GgufFingerprint(file).Complete(), fingerprint.Complete());
    }

    [Fact]
    public void Complete_AnyByteOfDataChanged_Changes()
    {
        byte[] bytes = SmallGguf.ToBytes(SmallGguf.Writer());
        ulong original;
        var places = new List<int>();
        using (GgufFile file = SmallGguf.Open(_folder, bytes))
        {
            original = new GgufFingerprint(file).Complete();
            foreach (GgufTensor tensor in file.Tensors) places.AddRange(Enumerable.Range((int)tensor.Offset, (int)tensor.ByteLength));
        }

        var seen = new HashSet<ulong> { original };
        foreach (int place in places)
        {
            bytes[place] ^= 1;
            using (GgufFile file = SmallGguf.Open(_folder, bytes)) Assert.True(seen.Add(new GgufFingerprint(file).Complete()), $"byte {place}");
            bytes[place] ^= 1;
        }
    }

    [Fact]
    public void Complete_MetadataNamesOrShapesChanged_Changes()
    {
        Action<GgufWriter>[] changes =
        [
            _ => { },
            writer => writer.Set("general.architecture", "llamb"),
            writer => writer.Set("x", 1u),
            writer => writer.Set("x", 1),
            writer => writer.Set("x", ""),
            writer => writer.Set("x", ["a", "bc"]),
            writer => writer.Set("x", ["ab", "c"]),
            writer => writer.Set("x", [1, 2]),
            writer => writer.Set("x", [1f, 2f]),
            writer => writer.AddTensor("c", GgmlType.F32, [8, 2], new byte[64]),
            writer => writer.AddTensor("c", GgmlType.F32, [2, 8], new byte[64]),
            writer => writer.AddTensor("c", GgmlType.F16, [32], new byte[64]),
            writer => writer.AddTensor("d", GgmlType.F32, [8, 2], new byte[64]),
        ];
        var seen = new HashSet<ulong>();
        foreach (Action<GgufWriter> change in changes)
        {
            GgufWriter writer = SmallGguf.Writer();
            change(writer);
            using GgufFile file = SmallGguf.Open(_folder, writer);
            Assert.True(seen.Add(new GgufFingerprint(file).Complete()));
        }
    }

    [Fact]
    public void Complete_FedInPartOrTwice_Throws()
    {
        using GgufFile file = SmallGguf.Open(_folder, SmallGguf.Writer());
        GgufTensor tensor = file.GetTensor("a");
        var fingerprint = new GgufFingerprint(file);
        fingerprint.Add(tensor, 0, new byte[48]);
        Assert.Throws<InvalidOperationException>(() => fingerprint.Complete());

        fingerprint.Add(tensor, 0, new byte[48]);
        Assert.Throws<InvalidOperationException>(() => fingerprint.Complete());
    }

    [Fact]
    public void Add_PieceNotOfWholeWords_Throws()
    {
        using GgufFile file = SmallGguf.Open(_folder, SmallGguf.Writer());
        var fingerprint = new GgufFingerprint(file);

        Assert.Throws<ArgumentOutOfRangeException>(() => fingerprint.Add(file.GetTensor("a"), 8, new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fingerprint.Add(file.GetTensor("b"), 0, new byte[20]));
        fingerprint.Add(file.GetTensor("b"), 64, new byte[4]);
    }

    private static string Fingerprint(string name)
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel(name));
        return new GgufFingerprint(file).Complete().ToString("x16");
    }
}
