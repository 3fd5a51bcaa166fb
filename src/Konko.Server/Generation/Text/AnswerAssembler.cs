using System.Text;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;
using Konko.Server.Providers;

namespace Konko.Server.Generation.Text;

/// <summary>Turns the outputs of an engine into a request's events: one for each token, the last with the usage.</summary>
internal sealed class AnswerAssembler
{
    private readonly ChoiceAssembler[] _choices;
    private readonly ProviderRequest _request;
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyList<int> _prompt;
    private readonly string _echo;
    private readonly Func<int, GenerationStats> _stats;
    private int _cachedTokens;
    private TimeSpan _queueTime;
    private int _running;

    /// <summary>An answer before its first event.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">The prompt's token ids.</param>
    public AnswerAssembler(ProviderRequest request, Tokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        _request = request;
        _tokenizer = tokenizer;
        _prompt = prompt;
        _echo = request.Echo ? EchoText() : "";
        _stats = Stats;
        _choices = new ChoiceAssembler[request.Choices];
        int offset = TokenScores.Scalars(_echo);
        for (int i = 0; i < _choices.Length; i++) _choices[i] = new ChoiceAssembler(i, request, tokenizer, offset);
        _running = _choices.Length;
    }

    /// <summary>Whether every choice is at its end.</summary>
    public bool Ended => _running == 0;

    /// <summary>Whether a choice is at its end.</summary>
    /// <param name="choice">The choice.</param>
    public bool HasEnded(int choice) => _choices[choice].Ended;

    /// <summary>The request left the queue.</summary>
    /// <param name="started">What the engine says about it.</param>
    public void Start(GenerationStarted started) => (_cachedTokens, _queueTime) = (started.CachedTokens, started.QueueTime);

    /// <summary>The echo of the prompt, one event a choice; to be sent before the first token.</summary>
    /// <param name="scores">The prompt tokens' log-probabilities, where asked for.</param>
    public IEnumerable<PromptEchoed> Echo(IReadOnlyList<TokenLogProbs?>? scores)
    {
        LogProbEntry[]? entries = scores is null ? null : PromptEntries(scores);
        for (int i = 0; i < _choices.Length; i++) yield return new PromptEchoed(i, _echo, entries);
    }

    /// <summary>Takes a token.</summary>
    /// <param name="generated">The token and its choice.</param>
    /// <returns>Its event; null where the choice had ended at a stop string and the engine ran on for a token.</returns>
    public ChoiceAdvanced? Append(TokenGenerated generated)
    {
        ChoiceAssembler choice = _choices[generated.Choice];
        return choice.Ended ? null : Settle(choice.Append(generated.Token, generated.End, _stats));
    }

    /// <summary>Ends all choices of a request that allows no token.</summary>
    public IEnumerable<ChoiceAdvanced> EndWithoutTokens() => _choices.Select(choice => Settle(choice.EndWithoutToken(_stats)));

    private ChoiceAdvanced Settle(ChoiceAdvanced advanced)
    {
        if (advanced.End is null || --_running > 0) return advanced;
        return advanced with { Usage = new TokenUsage(_prompt.Count, _choices.Sum(c => c.Tokens), _cachedTokens) };
    }

    private GenerationStats Stats(int tokens)
    {
        RequestClock clock = _request.Clock;
        TimeSpan total = clock.Elapsed;
        TimeSpan inference = total - clock.Validation - _queueTime;
        if (inference < TimeSpan.Zero) inference = TimeSpan.Zero;
        return new GenerationStats(total, clock.Validation, _queueTime, inference, inference / Math.Max(1, tokens));
    }

    private string EchoText()
    {
        if (_request.Prompt is TextPrompt text) return text.Text;
        var detokenizer = new IncrementalDetokenizer(_tokenizer);
        var echo = new StringBuilder();
        foreach (int id in _prompt) echo.Append(detokenizer.Append(id));
        return echo.Append(detokenizer.Flush()).ToString();
    }

    private LogProbEntry[] PromptEntries(IReadOnlyList<TokenLogProbs?> scores)
    {
        var detokenizer = new IncrementalDetokenizer(_tokenizer);
        var entries = new LogProbEntry[scores.Count];
        int offset = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = scores[i] is { } score
                ? TokenScores.Entry(_tokenizer, score, offset)
                : new LogProbEntry(TokenScores.Scored(_tokenizer, _prompt[i], null), [], offset);
            offset += TokenScores.Scalars(detokenizer.Append(_prompt[i]));
        }

        return entries;
    }
}
