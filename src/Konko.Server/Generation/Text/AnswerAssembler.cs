using System.Text;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;
using Konko.Server.Generation.Tools;
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
    /// <param name="dialect">How the model writes tool calls.</param>
    public AnswerAssembler(ProviderRequest request, Tokenizer tokenizer, IReadOnlyList<int> prompt, ToolDialect dialect = ToolDialect.Generic)
    {
        _request = request;
        _tokenizer = tokenizer;
        _prompt = prompt;
        _echo = request.Echo ? EchoText() : "";
        _stats = Stats;
        _choices = new ChoiceAssembler[request.Choices];
        Func<ThoughtParser>? thoughts = ThoughtParser.For(request, tokenizer, prompt, dialect);
        int offset = TokenScores.Scalars(_echo);
        for (int i = 0; i < _choices.Length; i++) _choices[i] = new ChoiceAssembler(i, request, tokenizer, offset, new AnswerParser(thoughts?.Invoke(), Calls(i, dialect)));
        _running = _choices.Length;
    }

    /// <summary>Whether every choice is at its end.</summary>
    public bool Ended => _running == 0;

    /// <summary>Takes what the engine says and adds the events that come of it; none for a token that comes after its choice's end.</summary>
    /// <param name="output">The engine's output.</param>
    /// <param name="events">Where the events go.</param>
    public void Take(GenerationOutput output, List<GenerationEvent> events)
    {
        switch (output)
        {
            case GenerationStarted started:
                (_cachedTokens, _queueTime) = (started.CachedTokens, started.QueueTime);
                if (_request.Echo && _request.Sampling.TopLogProbs is null) Echo(null, events);
                break;
            case PromptScored scored when _request.Echo:
                Echo(PromptEntries(scored.Tokens), events);
                break;
            case TokenGenerated generated when !_choices[generated.Choice].Ended:
                events.Add(Settle(_choices[generated.Choice].Append(generated.Token, generated.End, _stats, events)));
                break;
        }
    }

    /// <summary>The engine has said everything: ends the choices of a request that allows no token.</summary>
    /// <param name="events">Where the events go.</param>
    /// <returns>Whether that was the end; else the engine broke off.</returns>
    public bool Complete(List<GenerationEvent> events)
    {
        if (_request.MaxTokens != 0) return false;
        foreach (ChoiceAssembler choice in _choices) events.Add(Settle(choice.EndWithoutToken(_stats)));
        return true;
    }

    // Text that is constrained has its calls in the one form that the grammar knows.
    private CallStage? Calls(int choice, ToolDialect dialect)
        => _request.Prompt is ChatPrompt { Tools: { } tools }
            ? new CallStage(tools, _request.Grammar is null ? dialect : ToolDialect.Generic, index => ToolCallId.Of(dialect, _prompt, _request.Sampling.Seed, choice, index))
            : null;

    private void Echo(LogProbEntry[]? entries, List<GenerationEvent> events)
    {
        for (int i = 0; i < _choices.Length; i++) events.Add(new PromptEchoed(i, _echo, entries));
    }

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
        var detokenizer = new IncrementalDetokenizer(_tokenizer, continues: false);
        var echo = new StringBuilder();
        foreach (int id in _prompt) echo.Append(detokenizer.Append(id));
        return echo.Append(detokenizer.Flush()).ToString();
    }

    private LogProbEntry[] PromptEntries(IReadOnlyList<TokenLogProbs?> scores)
    {
        var detokenizer = new IncrementalDetokenizer(_tokenizer, continues: false);
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
