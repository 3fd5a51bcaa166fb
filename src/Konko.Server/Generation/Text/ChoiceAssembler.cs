using System.Text;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Turns the tokens of one choice into its events. All that must be held back is held back here and nowhere else: first
/// half characters, then stop strings, then the marks of thoughts, then what may be the beginning of a tool call.
/// </summary>
internal sealed class ChoiceAssembler
{
    private readonly StringBuilder _text = new();
    private readonly IncrementalDetokenizer _detokenizer;
    private readonly Tokenizer _tokenizer;
    private readonly StopMatcher _stop;
    private readonly AnswerParser _parser;
    private readonly int _choice;
    private readonly int _minTokens;
    private int _textOffset;
    private int _textLength;

    /// <summary>A choice before its first token.</summary>
    /// <param name="choice">Its number.</param>
    /// <param name="request">The request.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="textOffset">Length of the echoed prompt in scalar values.</param>
    /// <param name="parser">Tells thoughts and tool calls from the answer's text.</param>
    public ChoiceAssembler(int choice, ProviderRequest request, Tokenizer tokenizer, int textOffset, AnswerParser parser)
    {
        _choice = choice;
        _tokenizer = tokenizer;
        _detokenizer = new IncrementalDetokenizer(tokenizer, continues: true);
        _stop = new StopMatcher(request.Stop);
        _parser = parser;
        _minTokens = request.Sampling.MinTokens;
        _textOffset = textOffset;
    }

    /// <summary>Sampled tokens so far, an end token included.</summary>
    public int Tokens { get; private set; }

    /// <summary>Whether the choice is at its end.</summary>
    public bool Ended { get; private set; }

    /// <summary>Takes the next token; the choice must not have ended.</summary>
    /// <param name="draw">The token.</param>
    /// <param name="end">Set where the engine ends the choice with it.</param>
    /// <param name="stats">Measures the choice's time, given its number of tokens; called at the end.</param>
    /// <param name="events">Gets, at the end, the events before the token's own: what that cannot carry of tool calls.</param>
    /// <returns>The token's own event.</returns>
    public ChoiceAdvanced Append(SampledToken draw, EndReason? end, Func<int, GenerationStats> stats, List<GenerationEvent> events)
    {
        Tokens++;
        bool honourStop = Tokens > _minTokens;
        bool endToken = end == EndReason.EndOfGeneration;

        bool special = endToken || _tokenizer.IsSpecial(draw.Id);
        string piece = endToken ? "" : _detokenizer.Append(draw.Id);
        // Half a character before a mark stays before it.
        if (end is not null || (special && _parser.Minds(_tokenizer.Literal(draw.Id)))) piece += _detokenizer.Flush();
        _textLength += piece.Length;
        string text = _stop.Append(piece, honourStop);
        FinishDetail? reason = end switch
        {
            EndReason.EndOfGeneration => FinishDetail.EosToken,
            _ when _stop.Stopped => FinishDetail.StopSequence,
            EndReason.Length => FinishDetail.Length,
            _ => null,
        };
        if (reason is not null) text += _stop.Complete();
        _text.Append(text);
        if (special) _parser.Mark(_tokenizer.Literal(draw.Id), _textLength);
        SpokenText spoken = _parser.Append(text, isEnd: reason is not null);
        if (_parser.Finished) reason ??= FinishDetail.StopSequence;
        IReadOnlyList<ToolCallDelta> deltas = _parser.NextCalls();
        while (reason is not null && _parser.HasMoreCalls)
        {
            events.Add(new ChoiceAdvanced(_choice, null, "") { Calls = deltas });
            deltas = _parser.NextCalls();
        }

        var advanced = new ChoiceAdvanced(_choice, new GeneratedToken(draw.Id, special ? _tokenizer.Literal(draw.Id) : piece, draw.LogProb, special), spoken.Content)
        {
            Thought = spoken.Thought,
            // An end token is no part of the text, so it has no entry, as in OpenAI's answers.
            LogProbs = draw.LogProbs is { } scores && !endToken ? TokenScores.Entry(_tokenizer, scores, _textOffset) : null,
            Calls = deltas,
            End = reason is { } r ? End(r, stats) : null,
        };
        _textOffset += TokenScores.Scalars(piece);
        return advanced;
    }

    /// <summary>Ends a choice that is allowed no token at all.</summary>
    /// <param name="stats">Measures the choice's time, given its number of tokens.</param>
    public ChoiceAdvanced EndWithoutToken(Func<int, GenerationStats> stats)
        => new(_choice, null, "") { End = End(FinishDetail.Length, stats) };

    private ChoiceEnd End(FinishDetail reason, Func<int, GenerationStats> stats)
    {
        Ended = true;
        string finish = reason == FinishDetail.Length ? "length" : _parser.FinishReason ?? "stop";
        return new ChoiceEnd(finish, reason, _text.ToString(), Tokens, stats(Tokens));
    }
}
