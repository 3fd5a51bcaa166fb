using Konko.Engine.Cache;

namespace Konko.Engine.Tests.Cache;

public sealed unsafe class KvPoolTests
{
    private static readonly KvLayout Layout = new(Layers: 1, KvHeads: 1, HeadDim: 1, KvType.Float32);

    [Fact]
    public void TryGrow_NewPages_AreAlignedZeroedAndCommittedOneByOne()
    {
        using var pool = new KvPool(Layout, 10 * Layout.PageBytes);
        Assert.Equal(0, pool.Statistics.Committed);
        var sequence = new KvSequence();

        Assert.True(pool.TryGrow(sequence, 33));

        Assert.Equal(64, sequence.Capacity);
        Assert.Equal(new KvPoolStatistics(10, 2, 0, 2, 0, Layout.PageBytes), pool.Statistics);
        Assert.All(sequence.Pages, page =>
        {
            Assert.Equal(0, (long)page.Data % 64);
            Assert.True(IsZero(page));
        });
    }

    [Fact]
    public void TryGrow_PageOfAnEarlierHolder_IsZeroedAgain()
    {
        using var pool = new KvPool(Layout, Layout.PageBytes);
        var sequence = new KvSequence();
        Assert.True(pool.TryGrow(sequence, 1));
        KvPage page = sequence.Pages[0];
        new Span<byte>(page.Data, (int)Layout.PageBytes).Fill(0xff);
        pool.Release(sequence);

        Assert.True(pool.TryGrow(sequence, 1));

        Assert.Same(page, sequence.Pages[0]);
        Assert.True(IsZero(page));
    }

    [Fact]
    public void TryGrow_BeyondTheLimit_SaysFalseAndLeavesTheSequenceAlone()
    {
        using var pool = new KvPool(Layout, 3 * Layout.PageBytes + 1);
        var sequence = new KvSequence();
        Assert.True(pool.TryGrow(sequence, 64));

        Assert.False(pool.TryGrow(sequence, 32 * 4));

        Assert.Equal(2, sequence.Pages.Count);
        Assert.Equal(1, pool.AvailablePages);
        Assert.True(pool.TryGrow(sequence, 32 * 3));
    }

    [Theory]
    [InlineData(33, 40, 2)]
    [InlineData(33, 70, 2)]
    [InlineData(32, 40, 1)]
    [InlineData(40, 64, 2)]
    [InlineData(64, 64, 2)]
    public void Rewind_PastTheLength_ZeroesItAndFreesPagesThatHoldNothingElse(int length, int written, int pages)
    {
        using var pool = new KvPool(Layout, 10 * Layout.PageBytes);
        var sequence = new KvSequence();
        Assert.True(pool.TryGrow(sequence, written));
        for (int i = 0; i < written; i++) ((int*)sequence.Pages[i / 32].Data)[i % 32] = i + 1;
        sequence.Length = length;

        pool.Rewind(sequence, written);

        Assert.Equal(pages, sequence.Pages.Count);
        Assert.Equal(pages, pool.Statistics.Used);
        for (int i = 0; i < sequence.Capacity; i++) Assert.Equal(i < length ? i + 1 : 0, ((int*)sequence.Pages[i / 32].Data)[i % 32]);
    }

    [Fact]
    public void TryGrow_MachineHasNoMemory_LowersTheLimitToWhatThereIs()
    {
        var monstrous = new KvLayout(1 << 16, 1 << 16, 1 << 10, KvType.Float32);
        using var pool = new KvPool(monstrous, long.MaxValue);

        Assert.False(pool.TryGrow(new KvSequence(), 1));

        Assert.Equal(0, pool.PageLimit);
        Assert.Equal(0, pool.AvailablePages);
    }

    [Fact]
    public void Constructor_LessThanAPage_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new KvPool(Layout, Layout.PageBytes - 1));

    [Fact]
    public void AttachPrefix_SameStart_SharesWholePagesOnly()
    {
        using var pool = new KvPool(Layout, 10 * Layout.PageBytes);
        int[] tokens = Tokens(100);
        KvSequence first = Written(pool, tokens);
        var second = new KvSequence();

        Assert.Equal(64, pool.AttachPrefix(second, tokens.AsSpan(0, 95)));
        Assert.Equal(64, second.Length);
        Assert.Equal(first.Pages[..2], second.Pages);
        pool.Release(first);
        pool.Release(second);

        Assert.Equal(96, pool.AttachPrefix(second, tokens));
    }

    [Fact]
    public void AttachPrefix_TokenChangedInASecondPage_StopsBeforeIt()
    {
        using var pool = new KvPool(Layout, 10 * Layout.PageBytes);
        int[] tokens = Tokens(100);
        pool.Release(Written(pool, tokens));
        tokens[40]++;

        Assert.Equal(32, pool.AttachPrefix(new KvSequence(), tokens));
    }

    [Fact]
    public void Publish_PageOfTheSameTokensIsKnown_GoesOnWithThatOne()
    {
        using var pool = new KvPool(Layout, 10 * Layout.PageBytes);
        int[] tokens = Tokens(70);
        KvSequence first = Written(pool, tokens);
        KvSequence second = Written(pool, tokens);

        Assert.Equal(first.Pages[..2], second.Pages[..2]);
        Assert.NotSame(first.Pages[2], second.Pages[2]);
        Assert.Equal(new KvPoolStatistics(10, 6, 2, 4, 0, Layout.PageBytes), pool.Statistics);
    }

    [Fact]
    public void TryGrow_PoolFullOfCachedPages_EvictsTheLongestUnusedEndOfChainFirst()
    {
        using var pool = new KvPool(Layout, 4 * Layout.PageBytes);
        int[] older = Tokens(64), younger = Tokens(64, seed: 1);
        pool.Release(Written(pool, older));
        pool.Release(Written(pool, younger));
        Assert.Equal(4, pool.Statistics.Cached);

        var newcomer = new KvSequence();
        Assert.True(pool.TryGrow(newcomer, 1));

        Assert.Equal(32, Hit(pool, older));
        Assert.Equal(64, Hit(pool, younger));
        Assert.True(pool.TryGrow(newcomer, 64));
        Assert.Equal(0, Hit(pool, older));
        Assert.Equal(64, Hit(pool, younger));
    }

    [Fact]
    public void Discard_PagesOfAFailure_AreForgotten()
    {
        using var pool = new KvPool(Layout, 4 * Layout.PageBytes);
        int[] tokens = Tokens(64);
        pool.Discard(Written(pool, tokens));

        Assert.Equal(0, Hit(pool, tokens));
        Assert.Equal(new KvPoolStatistics(4, 2, 2, 0, 0, Layout.PageBytes), pool.Statistics);
    }

    [Fact]
    public void TryFork_PartlyWrittenLastPage_IsCopiedAndTheRestShared()
    {
        using var pool = new KvPool(Layout, 4 * Layout.PageBytes);
        int[] tokens = Tokens(40);
        KvSequence source = Written(pool, tokens);
        var target = new KvSequence();

        Assert.True(pool.TryFork(source, target));

        Assert.Equal(40, target.Length);
        Assert.Same(source.Pages[0], target.Pages[0]);
        Assert.NotSame(source.Pages[1], target.Pages[1]);
        Assert.True(Bytes(source.Pages[1]).SequenceEqual(Bytes(target.Pages[1])));
        Assert.True(pool.TryFork(source, new KvSequence()));
        var third = new KvSequence();
        Assert.False(pool.TryFork(source, third));
        Assert.Empty(third.Pages);
    }

    [Fact]
    public void TryFork_FullPagesOnly_NeedsNoPage()
    {
        using var pool = new KvPool(Layout, 2 * Layout.PageBytes);
        KvSequence source = Written(pool, Tokens(64));
        var target = new KvSequence();

        Assert.True(pool.TryFork(source, target));

        Assert.Equal(source.Pages, target.Pages);
    }

    /// <summary>Random use, judged by what really stands in the pages; a hash of few values makes collisions the rule.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 8)]
    [InlineData(5, 64)]
    public void Pool_ThousandsOfRandomUses_NeverGivesAWrongPageNorLosesOne(int seed, int hashValues)
    {
        const int Pages = 24;
        int uses = GateScale.Of(reduced: 6_000, whole: 60_000);
        using var pool = hashValues == 0
            ? new KvPool(Layout, Pages * Layout.PageBytes)
            : new KvPool(Layout, Pages * Layout.PageBytes, (previous, tokens) => (previous * 31 + (uint)(tokens[0] + 7 * tokens[31])) % (UInt128)hashValues);
        var random = new Random(seed);
        var live = new List<(KvSequence Kv, List<int> Tokens)>();
        int hits = 0;
        for (int i = 0; i < uses; i++)
        {
            int which = live.Count == 0 ? 0 : random.Next(live.Count);
            switch (live.Count == 0 ? 0 : random.Next(8))
            {
                case 0 or 1:
                    // Few different pages, so that chains meet, part and meet again.
                    List<int> prompt = [.. Enumerable.Range(0, random.Next(1, 6)).SelectMany(_ => Enumerable.Repeat(random.Next(3), 32)), 5];
                    var kv = new KvSequence();
                    hits += pool.AttachPrefix(kv, prompt.ToArray().AsSpan(0, prompt.Count - 1)) / 32;
                    live.Add((kv, prompt));
                    break;
                case 2 or 3 or 4:
                    (KvSequence sequence, List<int> tokens) = live[which];
                    int length = Math.Min(tokens.Count, sequence.Length + random.Next(1, 70));
                    if (pool.TryGrow(sequence, length)) Write(pool, sequence, tokens, length);
                    break;
                case 5:
                    var copy = new KvSequence();
                    if (pool.TryFork(live[which].Kv, copy)) live.Add((copy, [.. live[which].Tokens]));
                    break;
                case 6:
                    pool.Release(live[which].Kv);
                    live.RemoveAt(which);
                    break;
                default:
                    if (random.Next(4) == 0) pool.Discard(live[which].Kv);
                    else pool.Release(live[which].Kv);
                    live.RemoveAt(which);
                    break;
            }

            foreach ((KvSequence sequence, List<int> tokens) in live) AssertHolds(sequence, tokens);
            KvPoolStatistics statistics = pool.Statistics;
            Assert.Equal(live.SelectMany(s => s.Kv.Pages).Distinct().Count(), statistics.Used);
            Assert.Equal(statistics.Committed, statistics.Free + statistics.Used + statistics.Cached);
        }

        if (hashValues != 1) Assert.InRange(hits, 100, int.MaxValue);
        foreach ((KvSequence sequence, _) in live) pool.Release(sequence);
        Assert.Equal(0, pool.Statistics.Used);
        Assert.Equal(Pages, pool.AvailablePages);
        Assert.True(pool.TryGrow(new KvSequence(), Pages * 32));
    }

    private static int Hit(KvPool pool, int[] tokens)
    {
        var sequence = new KvSequence();
        int hit = pool.AttachPrefix(sequence, tokens);
        pool.Release(sequence);
        return hit;
    }

    private static KvSequence Written(KvPool pool, int[] tokens)
    {
        var sequence = new KvSequence();
        Assert.True(pool.TryGrow(sequence, tokens.Length));
        Write(pool, sequence, [.. tokens], tokens.Length);
        return sequence;
    }

    /// <summary>Writes into each position a hash of all tokens up to it, as a model would.</summary>
    private static void Write(KvPool pool, KvSequence sequence, List<int> tokens, int length)
    {
        for (int i = sequence.Length; i < length; i++) ((int*)sequence.Pages[i / 32].Data)[i % 32] = Digest(tokens, i);
        sequence.Length = length;
        pool.Publish(sequence, tokens.ToArray());
    }

    private static void AssertHolds(KvSequence sequence, List<int> tokens)
    {
        int digest = 17;
        for (int i = 0; i < sequence.Length; i++)
        {
            digest = unchecked(digest * 31 + tokens[i]);
            if (((int*)sequence.Pages[i / 32].Data)[i % 32] != digest) Assert.Fail($"Position {i} holds what another text left there.");
        }
    }

    private static int Digest(List<int> tokens, int position)
    {
        int digest = 17;
        for (int i = 0; i <= position; i++) digest = unchecked(digest * 31 + tokens[i]);
        return digest;
    }

    private static int[] Tokens(int count, int seed = 0) => [.. Enumerable.Range(0, count).Select(i => i * 7 + seed)];

    private static Span<byte> Bytes(KvPage page) => new(page.Data, (int)Layout.PageBytes);

    private static bool IsZero(KvPage page) => !Bytes(page).ContainsAnyExcept((byte)0);
}
