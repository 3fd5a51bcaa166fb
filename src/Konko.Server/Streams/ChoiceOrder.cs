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
    /// <summary>Orders events.</summary>
    /// <param name="events">A generation's events.</param>
    /// <param name="choices">Number of choices.</param>
    /// <param name="cancellationToken">Stops the generation.</param>
    /// <returns>The same events; the usage stands on the last of them.</returns>
    public static async IAsyncEnumerable<GenerationEvent> InTurn(
        IAsyncEnumerable<GenerationEvent> events, int choices, [EnumeratorCancellation] CancellationToken cancellationToken)
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
                case ChoiceAdvanced advanced:
                    usage = advanced.Usage ?? usage;
                    waiting[advanced.Choice].Enqueue(advanced with { Usage = null });
                    break;
                case PromptEchoed echo:
                    waiting[echo.Choice].Enqueue(echo);
                    break;
                default:
                    yield return entry;
                    yield break;
            }

            while (running > 0 && waiting[turn].TryDequeue(out GenerationEvent? next))
            {
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
}
