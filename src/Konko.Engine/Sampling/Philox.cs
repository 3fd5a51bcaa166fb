namespace Konko.Engine.Sampling;

/// <summary>
/// Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw ("Parallel random numbers: as easy
/// as 1, 2, 3", 2011): a number depends on key and counter only, so that there is no state to lose or to share.
/// </summary>
public static class Philox
{
    private const int Rounds = 10;

    /// <summary>64 random bits for one draw.</summary>
    /// <param name="seed">The request's seed: the key.</param>
    /// <param name="choice">Which of the request's choices.</param>
    /// <param name="position">Which of the choice's tokens.</param>
    /// <param name="draw">Which draw for that token.</param>
    public static ulong Next(long seed, int choice, int position, int draw)
    {
        (uint low, uint high, _, _) = Block((uint)choice, (uint)position, (uint)draw, 0, (uint)seed, (uint)((ulong)seed >> 32));
        return (ulong)high << 32 | low;
    }

    /// <summary>The bijection itself: a counter of four words under a key of two.</summary>
    /// <param name="c0">Counter, word 0.</param>
    /// <param name="c1">Counter, word 1.</param>
    /// <param name="c2">Counter, word 2.</param>
    /// <param name="c3">Counter, word 3.</param>
    /// <param name="k0">Key, word 0.</param>
    /// <param name="k1">Key, word 1.</param>
    public static (uint R0, uint R1, uint R2, uint R3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = 0xD2511F53ul * c0;
            ulong b = 0xCD9E8D57ul * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }
}
