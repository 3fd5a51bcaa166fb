using Konko.Server.Generation;
using Konko.Server.Streams;

namespace Konko.Server.Tests.Streams;

public sealed class ChoiceOrderTests
{
    private static readonly TokenUsage s_usage = new(3, 9, 1);

    [Fact]
    public async Task InTurn_AnyArrival_IsOneOrder()
    {
        int[] lengths = [3, 1, 5];
        var random = new Random(7);
        List<(int, string)>? expected = null;
        for (int round = 0; round < 200; round++)
        {
            int waiting = 0;
            bool Charge(int bytes)
            {
                Assert.NotEqual(0, bytes);
                Assert.True((waiting += bytes) >= 0);
                return true;
            }

            List<GenerationEvent> ordered = await ChoiceOrder.InTurn(Shuffled(lengths, random).ToAsyncEnumerable(), 3, Charge, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            List<(int, string)> seen = [.. ordered.Cast<ChoiceAdvanced>().Select(entry => (entry.Choice, entry.Content))];
            expected ??= seen;
            Assert.Equal(0, waiting);
            Assert.Equal(expected, seen);
            Assert.Equal(s_usage, ((ChoiceAdvanced)ordered[^1]).Usage);
            Assert.All(ordered.SkipLast(1), entry => Assert.Null(((ChoiceAdvanced)entry).Usage));
        }

        Assert.Equal([(0, "0"), (1, "0"), (2, "0"), (0, "1"), (2, "1"), (0, "2"), (2, "2"), (2, "3"), (2, "4")], expected!);
    }

    [Fact]
    public async Task InTurn_Failure_ComesAtOnceAndEnds()
    {
        var failed = new GenerationFailed(Konko.Server.Api.Errors.ApiError.Internal());
        GenerationEvent[] events = [new ChoiceAdvanced(1, null, "early"), new ChoiceAdvanced(0, null, "a"), failed, new ChoiceAdvanced(0, null, "late")];

        List<GenerationEvent> ordered = await ChoiceOrder.InTurn(events.ToAsyncEnumerable(), 2, _ => true, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, ordered.Count);
        Assert.Same(failed, ordered[2]);
    }

    [Fact]
    public async Task InTurn_NoMemoryForWhatWaits_Fails()
    {
        GenerationEvent[] events = [.. Enumerable.Range(0, 100).Select(i => new ChoiceAdvanced(1, null, $"{i}"))];
        int left = 5000;

        List<GenerationEvent> ordered = await ChoiceOrder.InTurn(events.ToAsyncEnumerable(), 2, bytes => (left -= bytes) >= 0, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(503, Assert.IsType<GenerationFailed>(Assert.Single(ordered)).Error.Status);
    }

    // Each choice's own events keep their order; which choice comes next is drawn.
    private static List<GenerationEvent> Shuffled(int[] lengths, Random random)
    {
        var at = new int[lengths.Length];
        var events = new List<GenerationEvent>();
        while (events.Count < lengths.Sum())
        {
            int choice = random.Next(lengths.Length);
            if (at[choice] == lengths[choice]) continue;
            bool last = at[choice] == lengths[choice] - 1;
            events.Add(new ChoiceAdvanced(choice, null, $"{at[choice]++}")
            {
                End = last ? new ChoiceEnd("stop", FinishDetail.EosToken, "", lengths[choice], new GenerationStats(default, default, default, default, default)) : null,
                Usage = events.Count == lengths.Sum() - 1 ? s_usage : null,
            });
        }

        return events;
    }
}
