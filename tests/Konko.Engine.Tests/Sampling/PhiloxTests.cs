using Konko.Engine.Sampling;

namespace Konko.Engine.Tests.Sampling;

public sealed class PhiloxTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)]
    [InlineData(0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u, 0xA4093822u, 0x299F31D0u, 0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u)]
    public void Block_KnownAnswersOfRandom123_Agree(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
        => Assert.Equal((r0, r1, r2, r3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void Next_SeedChoicePositionDraw_AreKeyAndCounter()
    {
        (uint low, uint high, _, _) = Philox.Block(3, 70_000, 1, 0, 0x89ABCDEF, 0xFEDCBA98);
        Assert.Equal((ulong)high << 32 | low, Philox.Next(unchecked((long)0xFEDCBA9889ABCDEF), 3, 70_000, 1));
    }
}
