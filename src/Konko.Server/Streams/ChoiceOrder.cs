using System.Runtime.CompilerServices;
using Konko.Server.Generation;

namespace Konko.Server.Streams;

/// <summary>Puts the events of several choices in the one order that hangs on nothing but the events: one of each choice in turn.</summary>
/// <remarks>
/// The order in which an engine has them is that of its batches, and another run may have them otherwise. What is ahead
/// of its turn waits here; the wait is short where choices run side by side.
/// </remarks>
internal static class ChoiceOrder
{
    // An event without its texts, and each entry of its log-probabilities.
    private const int EventBytes = 400, EntryBytes = 200;

    private const int Waited = -1;

    /// <summary>Orders events.</summary>
    /// <param name="events">A generation's events.</param>
    /// <param name="choices">Number of choices.</param>
    /// <param name="charge">Counts the memory of what waits, or takes less of it back; whether there is room.</param>
    /// <param name="cancellationToken">Stops the generation.</param>
    /// <returns>The same events; the usage stands on the last of them.</returns>
    public static async IAsyncEnumerable<GenerationEvent> InTurn(
        IAsyncEnumerable<GenerationEvent> events, int choices, Func<int, bool> charge, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = new Queue<GenerationEvent>[choices];
        for (int i = 0; i < choices; i++) waiting[i] = new Queue<GenerationEvent>();
        var ended = new bool[choices];
        (int turn, int running) = (0, choices);
        TokenUsage? usage = null;
        await foreach (GenerationEvent entry in events.WithCancellation(cancellationToken))
        {
            switch (entry)
            {
                case ChoiceAdvanced advanced when advanced.Choice == turn || charge(Bytes(advanced)):
                    usage = advanced.Usage ?? usage;
                    waiting[advanced.Choice].Enqueue(advanced with { Usage = null });
                    break;
                case PromptEchoed echo when echo.Choice == turn || charge(Bytes(echo)):
                    waiting[echo.Choice].Enqueue(echo);
                    break;
                case ChoiceAdvanced or PromptEchoed:
                    yield return new GenerationFailed(StreamErrors.OutOfMemory);
                    yield break;
                default:
                    yield return entry;
                    yield break;
            }

            int arrived = turn;
            while (running > 0 && waiting[turn].TryDequeue(out GenerationEvent? next))
            {
                // Only the turn's own event, which has just come, has not waited.
                if (arrived == Waited) charge(-Bytes(next));
                arrived = Waited;
                if (next is ChoiceAdvanced { End: not null } last)
                {
                    ended[turn] = true;
                    if (--running == 0) next = last with { Usage = usage };
                }

                do turn = (turn + 1) % choices;
                while (running > 0 && ended[turn]);
                yield return next;
            }
        }
    }

    private static int Bytes(GenerationEvent entry) => EventBytes + entry switch
    {
        ChoiceAdvanced advanced => 2 * (advanced.Content.Length + advanced.Thought.Length + advanced.Calls.Sum(call => call.Arguments.Length) + (advanced.End?.GeneratedText.Length ?? 0)) + (advanced.LogProbs is { } logProbs ? Bytes(logProbs) : 0),
        PromptEchoed echo => 2 * echo.Text.Length + (echo.LogProbs?.Sum(Bytes) ?? 0),
        _ => 0,
    };

    private static int Bytes(LogProbEntry entry) => EntryBytes * (1 + entry.Top.Count);
}
