using System.Buffers.Binary;
using Konko.Engine.Cache;

namespace Konko.Engine.Tests.Cache;

public sealed class ChainHashTests
{
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(2, "8177228da4a45dc7fca38bdef60affe4")]
    public void Compute_AuthorsTestVectors_Agrees(int length, string expected)
    {
        byte[] bytes = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        var hash = new ChainHash(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)));
        Span<byte> output = stackalloc byte[16];

        BinaryPrimitives.WriteUInt128LittleEndian(output, hash.Compute(bytes.AsSpan(0, length)));

        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }

    [Fact]
    public void Extend_AnyTokenOrPredecessorChanged_Differs()
    {
        ChainHash hash = ChainHash.CreateRandom();
        int[] tokens = [.. Enumerable.Range(0, 32)];
        var seen = new HashSet<UInt128> { hash.Extend(0, tokens), hash.Extend(1, tokens), hash.Extend(UInt128.One << 64, tokens) };
        for (int i = 0; i < 32; i++)
        {
            tokens[i] ^= 1 << i;
            seen.Add(hash.Extend(0, tokens));
            tokens[i] ^= 1 << i;
        }

        Assert.Equal(35, seen.Count);
        Assert.Contains(hash.Extend(0, tokens), seen);
    }
}
