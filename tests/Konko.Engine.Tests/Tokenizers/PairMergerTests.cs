using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

public sealed class PairMergerTests
{
    [Fact]
    public void Merge_ByScanAndByHeap_GiveTheSame()
    {
        var random = new Random(3);
        for (int round = 0; round < GateScale.Of(2_000, 200_000); round++)
        {
            // Few ids and many merges, ties of rank among them, so that merges compete for their neighbours.
            int ids = random.Next(2, 12);
            var rule = new Rule([]);
            for (int merges = random.Next(60); merges > 0; merges--)
            {
                rule.Merges[(random.Next(ids), random.Next(ids))] = (random.Next(8), random.Next(ids));
            }
            int[] symbols = [.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(ids))];
            int[] scanned = [.. symbols], heaped = [.. symbols];

            int scannedCount = PairMerger.Merge(scanned.AsSpan(), rule, longestScan: int.MaxValue);
            int heapedCount = PairMerger.Merge(heaped.AsSpan(), rule, longestScan: 0);

            Assert.Equal(scanned[..scannedCount], heaped[..heapedCount]);
        }
    }

    [Fact]
    public void Merge_EqualRanks_TakesTheLeftmostFirst()
    {
        var rule = new Rule(new() { [(1, 1)] = (0, 2) });
        int[] symbols = [1, 1, 1];
        Assert.Equal(2, PairMerger.Merge(symbols.AsSpan(), rule));
        Assert.Equal([2, 1], symbols[..2]);
    }

    private readonly record struct Rule(Dictionary<(int, int), (int Rank, int Merged)> Merges) : IMergeRule<int>
    {
        public bool TryMerge(int left, int right, out int rank, out int merged)
        {
            bool found = Merges.TryGetValue((left, right), out (int Rank, int Merged) merge);
            (rank, merged) = merge;
            return found;
        }
    }
}
