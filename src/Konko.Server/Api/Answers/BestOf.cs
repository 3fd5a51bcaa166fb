using System.Runtime.CompilerServices;
using Konko.Server.Generation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Answers;

/// <summary>
/// The best choices of a generation that made more than were asked for (<c>best_of</c>): those whose tokens had the highest
/// mean log-probability, the model's own, the best first. They are known at the end only, and everything comes then.
/// </summary>
/// <param name="all">The generation; it reports log-probabilities. Disposed of with this.</param>
/// <param name="count">Choices to keep.</param>
/// <param name="withLogProbs">Whether log-probabilities were asked for, or only rank.</param>
internal sealed class BestOf(AdmittedGeneration all, int count, bool withLogProbs) : AdmittedGeneration
{
    public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var candidates = new SortedDictionary<int, Candidate>();
        TokenUsage? usage = null;
        await foreach (GenerationEvent entry in all.ReadAsync(cancellationToken))
        {
            switch (entry)
            {
                case ChoiceAdvanced advanced:
                    usage ??= advanced.Usage;
                    Of(advanced.Choice).Add(advanced with { Usage = null, LogProbs = withLogProbs ? advanced.LogProbs : null }, advanced.LogProbs);
                    break;
                case PromptEchoed echo:
                    Of(echo.Choice).Add(withLogProbs ? echo : echo with { LogProbs = null }, null);
                    break;
                default:
                    yield return entry;
                    yield break;
            }

            if (usage is not null) break;
        }

        // Without the usage it is no complete answer, and whoever reads this finds out.
        if (usage is null) yield break;
        // The order is stable: of equals the one that was drawn first.
        Candidate[] best = [.. candidates.Values.OrderByDescending(candidate => candidate.MeanLogProb).Take(count)];
        for (int choice = 0; choice < best.Length; choice++)
        {
            foreach (GenerationEvent entry in best[choice].Events)
            {
                yield return entry switch
                {
                    PromptEchoed echo => echo with { Choice = choice },
                    ChoiceAdvanced { End: not null } last => last with { Choice = choice, Usage = choice == best.Length - 1 ? usage : null },
                    ChoiceAdvanced advanced => advanced with { Choice = choice },
                    _ => entry,
                };
            }
        }

        Candidate Of(int choice)
        {
            if (!candidates.TryGetValue(choice, out Candidate? candidate)) candidates.Add(choice, candidate = new Candidate());
            return candidate;
        }
    }

    public override ValueTask DisposeAsync() => all.DisposeAsync();

    private sealed class Candidate
    {
        private double _sum;
        private int _tokens;

        public List<GenerationEvent> Events { get; } = [];

        /// <summary>ln p of a token on average; of a choice that says nothing lower than any.</summary>
        public double MeanLogProb => _tokens == 0 ? double.NegativeInfinity : _sum / _tokens;

        public void Add(GenerationEvent entry, LogProbEntry? scores)
        {
            Events.Add(entry);
            if (scores?.Token.LogProb is not float logProb) return;
            _sum += logProb;
            _tokens++;
        }
    }
}
