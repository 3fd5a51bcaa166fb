using System.Text;
using Konko.Protocol;
using Konko.Protocol.Answers;
using Konko.Protocol.Completions;

namespace Konko.Server.Generation.Rendering;

/// <summary>Answers of <c>POST /v1/completions</c>.</summary>
internal sealed class CompletionRenderer : AnswerRenderer<CompletionChunk, Completion>
{
    private readonly ChoiceFold[] _choices;
    private AnswerUsage? _usage;

    /// <summary>A renderer before the first event.</summary>
    /// <param name="frame">What stands around the events.</param>
    public CompletionRenderer(AnswerFrame frame)
        : base(frame, WireJson.Default.CompletionChunk, WireJson.Default.Completion)
    {
        _choices = new ChoiceFold[frame.Choices];
        for (int i = 0; i < _choices.Length; i++) _choices[i] = new ChoiceFold();
    }

    protected override CompletionChunk EchoChunk(PromptEchoed echo) => Chunk(
        new CompletionChoice
        {
            Index = echo.Choice,
            Text = echo.Text,
            Logprobs = echo.LogProbs is { } entries ? Logprobs(entries) : null,
            FinishReason = null,
        });

    protected override CompletionChunk Chunk(ChoiceAdvanced advanced)
    {
        var choice = new CompletionChoice
        {
            Index = advanced.Choice,
            Text = advanced.Content,
            Logprobs = advanced.LogProbs is { } entry ? Logprobs([entry]) : null,
            FinishReason = advanced.End?.FinishReason,
        };
        return Chunk(choice) with
        {
            Token = TokenOf(advanced),
            GeneratedText = advanced.End?.GeneratedText,
            Details = DetailsOf(advanced),
            Stats = StatsOf(advanced),
            Usage = UsageOf(advanced),
        };
    }

    protected override CompletionChunk UsageChunk(AnswerUsage usage) => Chunk(null) with { Usage = usage };

    protected override void Fold(CompletionChunk chunk)
    {
        foreach (CompletionChoice part in chunk.Choices)
        {
            ChoiceFold choice = _choices[part.Index];
            choice.Text.Append(part.Text);
            if (part.Logprobs is { } logprobs) choice.Add(logprobs);
            if (part.FinishReason is null) continue;
            choice.FinishReason = part.FinishReason;
            choice.Details = chunk.Details;
            choice.Stats = chunk.Stats;
        }

        _usage ??= chunk.Usage;
    }

    protected override Completion Whole() => new()
    {
        Id = Frame.Id,
        Created = Frame.Created,
        Model = Frame.Model,
        Choices = [.. _choices.Select(WholeChoice)],
        SystemFingerprint = Frame.Fingerprint,
        Usage = _usage,
        Details = _choices[0].Details,
        Stats = Frame.Details ? _choices[0].Stats : null,
    };

    private CompletionChoice WholeChoice(ChoiceFold choice, int index) => new()
    {
        Index = index,
        Text = choice.Text.ToString(),
        Logprobs = Frame.LogProbs ? choice.Logprobs() : null,
        FinishReason = choice.FinishReason,
        Details = Frame.Choices > 1 ? choice.Details : null,
        Stats = Frame.Choices > 1 && Frame.Details ? choice.Stats : null,
    };

    private CompletionChunk Chunk(CompletionChoice? choice) => new()
    {
        Id = Frame.Id,
        Created = Frame.Created,
        Model = Frame.Model,
        SystemFingerprint = Frame.Fingerprint,
        Choices = choice is null ? [] : [choice],
    };

    private static CompletionLogprobs Logprobs(IReadOnlyList<LogProbEntry> entries) => new()
    {
        TextOffset = [.. entries.Select(entry => entry.TextOffset)],
        TokenLogprobs = [.. entries.Select(entry => entry.Token.LogProb is float value ? WireNumbers.LogProb(value) : (float?)null)],
        Tokens = [.. entries.Select(entry => Spell(entry.Token))],
        TopLogprobs = [.. entries.Select(Top)],
    };

    private static Dictionary<string, float>? Top(LogProbEntry entry)
    {
        if (entry.Token.LogProb is not float own) return null;
        var top = new Dictionary<string, float>(entry.Top.Count + 1);
        // Two ids may spell the same text; the better one comes first and stays.
        foreach (ScoredToken token in entry.Top) top.TryAdd(Spell(token), WireNumbers.LogProb(token.LogProb ?? 0));
        top.TryAdd(Spell(entry.Token), WireNumbers.LogProb(own));
        return top;
    }

    private static string Spell(ScoredToken token) => TokenSpelling.Spell(token, "bytes:");

    private sealed class ChoiceFold
    {
        private readonly List<int> _textOffset = [];
        private readonly List<float?> _tokenLogprobs = [];
        private readonly List<string> _tokens = [];
        private readonly List<IReadOnlyDictionary<string, float>?> _topLogprobs = [];

        public StringBuilder Text { get; } = new();

        public string? FinishReason { get; set; }

        public AnswerDetails? Details { get; set; }

        public AnswerStats? Stats { get; set; }

        public void Add(CompletionLogprobs logprobs)
        {
            _textOffset.AddRange(logprobs.TextOffset);
            _tokenLogprobs.AddRange(logprobs.TokenLogprobs);
            _tokens.AddRange(logprobs.Tokens);
            _topLogprobs.AddRange(logprobs.TopLogprobs);
        }

        public CompletionLogprobs Logprobs() => new()
        {
            TextOffset = _textOffset,
            TokenLogprobs = _tokenLogprobs,
            Tokens = _tokens,
            TopLogprobs = _topLogprobs,
        };
    }
}
