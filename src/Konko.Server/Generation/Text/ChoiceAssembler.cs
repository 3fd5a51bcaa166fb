using System.Text;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;
using Konko.Server.Providers;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Turns the tokens of one choice into its events. All that must be held back is held back here and nowhere else: first
/// half characters, then stop strings, then the marks of thoughts.
/// </summary>
internal sealed class ChoiceAssembler
{
    private readonly StringBuilder _text = new();
    private readonly IncrementalDetokenizer _detokenizer;
    private readonly Tokenizer _tokenizer;
    private readonly StopMatcher _stop;
    private readonly ThoughtParser? _thoughts;
    private readonly int _choice;
    private readonly int _minTokens;
    private int _textOffset;
    private int _length;

    /// <summary>A choice before its first token.</summary>
    /// <param name="choice">Its number.</param>
    /// <param name="request">The request.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="textOffset">Length of the echoed prompt in scalar values.</param>
    /// <param name="thoughts">Tells thoughts from the answer; null where the model has none.</param>
    public ChoiceAssembler(int choice, ProviderRequest request, Tokenizer tokenizer, int textOffset, ThoughtParser? thoughts)
    {
        _choice = choice;
        _tokenizer = tokenizer;
        _detokenizer = new IncrementalDetokenizer(tokenizer, continues: true);
        _stop = new StopMatcher(request.Stop);
        _thoughts = thoughts;
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
    public ChoiceAdvanced Append(SampledToken draw, EndReason? end, Func<int, GenerationStats> stats)
    {
        Tokens++;
        bool honourStop = Tokens > _minTokens;
        bool endToken = end == EndReason.EndOfGeneration;

        string piece = endToken ? "" : _detokenizer.Append(draw.Id);
        if (end is not null) piece += _detokenizer.Flush();
        bool special = endToken || _tokenizer.IsSpecial(draw.Id);
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
        _length += piece.Length;
        SpokenText spoken = Speak(text, special ? _tokenizer.Literal(draw.Id) : null, reason is not null);

        var advanced = new ChoiceAdvanced(_choice, new GeneratedToken(draw.Id, special ? _tokenizer.Literal(draw.Id) : piece, draw.LogProb, special), spoken.Content)
        {
            Thought = spoken.Thought,
            // An end token is no part of the text, so it has no entry, as in OpenAI's answers.
            LogProbs = draw.LogProbs is { } scores && !endToken ? TokenScores.Entry(_tokenizer, scores, _textOffset) : null,
            End = reason is { } r ? End(r, stats) : null,
        };
        _textOffset += TokenScores.Scalars(piece);
        return advanced;
    }

    /// <summary>Ends a choice that is allowed no token at all.</summary>
    /// <param name="stats">Measures the choice's time, given its number of tokens.</param>
    public ChoiceAdvanced EndWithoutToken(Func<int, GenerationStats> stats)
        => new(_choice, null, "") { End = End(FinishDetail.Length, stats) };

    private SpokenText Speak(string text, string? control, bool last)
    {
        if (_thoughts is null) return new SpokenText("", text);
        SpokenText spoken = _thoughts.Append(text);
        if (control is not null) spoken += _thoughts.Control(control, _length);
        return last ? spoken + _thoughts.Complete() : spoken;
    }

    private ChoiceEnd End(FinishDetail reason, Func<int, GenerationStats> stats)
    {
        Ended = true;
        return new ChoiceEnd(reason == FinishDetail.Length ? "length" : "stop", reason, _text.ToString(), Tokens, stats(Tokens));
    }
}
